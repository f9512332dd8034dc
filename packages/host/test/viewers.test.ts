import {createMemoryLog} from '@holdfast/event-log'
import {
  attachWindowBytes,
  createSessionId,
  errorCodes,
  maxNamedViewers,
  parseEvent,
  readRefusal,
  type Viewers,
} from '@holdfast/protocol'
import {createConnection, createMemoryPair, type Connection} from '@holdfast/rpc'
import {beforeEach, expect, test} from 'vitest'

import {createSessionServer} from '../src/server/session-server.ts'
import {createSession} from '../src/session/create-session.ts'
import type {Session} from '../src/session/session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

const session_id = createSessionId()
const desk = {cols: 120, rows: 40}
const phone = {cols: 40, rows: 20}

let session: Session
let server: ReturnType<typeof createSessionServer>
let log: ReturnType<typeof createMemoryLog>
let agent: ReturnType<typeof createHandDrivenAgent>
beforeEach(() => {
  log = createMemoryLog({sessionId: session_id})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  agent = createHandDrivenAgent()
  session = createSession({
    log,
    agent,
    onAppend: () => server.wake(),
    onFault(error) {
      throw error
    },
  })
  const current = () => ({session, log})
  server = createSessionServer({sessionId: session_id, version: '1.2.3', current, create() {}, onClosed() {}})
})

interface Client {
  peer: Connection
  /** What it was told last of who else looks. */
  told: () => Viewers | undefined
  /** How often it was told. */
  times: () => number
  request: (method: string, params?: object) => Promise<unknown>
  resume: (size?: object) => Promise<unknown>
}

/** A client that has said who it is. Without a `name`, it is an older one. */
function connect(name?: string, caller?: {name: string; read_only?: true}): Client {
  const [near, far] = createMemoryPair()
  server.serve(far)
  const peer = createConnection(near)
  const told: Viewers[] = []
  peer.subscribe('event', (params) => {
    const event = parseEvent(params)
    if (event.type === 'session.viewers') told.push(event.payload)
  })
  peer.notify('client.hello', {protocol: 2, version: '1.2.3', name, caller})
  const request = (method: string, params = {}) => peer.request(method, {session_id, ...params})
  return {
    peer,
    told: () => told.at(-1),
    times: () => told.length,
    request,
    resume: (size = {}) => request('session.resume', {after_seq: 99, ...size}),
  }
}

const size = () => session.attachments.size

test('who looks is told who else does, and when others come and go', async () => {
  const first = connect('terminal')
  await first.resume(desk)
  await expect.poll(first.told).toEqual({...desk, viewers: []})
  const second = connect('web', {name: 'phone'})
  await second.resume(phone)
  await expect.poll(second.told).toEqual({...phone, viewers: [{name: 'terminal', ...desk}]})
  await expect.poll(first.told).toEqual({...phone, viewers: [{name: 'phone', ...phone, sets_size: true}]})
  await second.peer.close()
  await expect.poll(first.told).toEqual({...desk, viewers: []})
})

test('a client that leaves the session is gone for the others, and is told nothing more', async () => {
  const [first, second] = [connect('one'), connect('two')]
  await Promise.all([first.resume(), second.resume()])
  await expect.poll(first.told).toMatchObject({viewers: [{name: 'two'}]})
  await second.request('session.leave')
  await expect.poll(first.told).toMatchObject({viewers: []})
  const times = second.times()
  await connect('three').resume()
  await expect.poll(first.told).toMatchObject({viewers: [{name: 'three'}]})
  expect(second.times()).toBe(times)
})

test('a client that reads slowly still looks, and keeps its size', async () => {
  const [first, second] = [connect('one'), connect('two')]
  await first.resume()
  await second.resume(phone)
  await expect.poll(first.told).toMatchObject({viewers: [{name: 'two'}]})
  await second.request('session.leave', {is_behind: true})
  await connect('three').resume()
  await expect.poll(first.told).toMatchObject({viewers: [{name: 'two', sets_size: true, ...phone}, {name: 'three'}]})
  expect(size()).toEqual(phone)
})

test('a client that has not named itself is told nothing, and not named', async () => {
  const [older, newer] = [connect(), connect('new')]
  await older.resume(desk)
  await newer.resume()
  await expect.poll(newer.told).toEqual({...desk, viewers: []})
  await newer.request('gateway.ping')
  expect(older.told()).toBeUndefined()
})

test('many changes are told together', async () => {
  const first = connect('first')
  await first.resume()
  await expect.poll(first.times).toBe(1)
  for (let number = 0; number < 50; number++) await connect(`client ${number}`).resume()
  await expect.poll(() => first.told()?.more).toBe(50 - maxNamedViewers)
  expect(first.told()?.viewers).toHaveLength(maxNamedViewers)
  expect(first.times()).toBeLessThan(10)
})

test('the size is that of the smallest client that types, and comes back when that one leaves', async () => {
  const [one, two] = [connect('desk'), connect('phone')]
  await one.resume(desk)
  await one.request('prompt.submit', {prompt_id: 'a', text: 'vim'})
  await two.resume(phone)
  expect(size()).toEqual(desk)
  await two.request('session.input', {text: 'x'})
  expect(size()).toEqual(phone)
  await expect.poll(one.told).toEqual({...phone, viewers: [{name: 'phone', ...phone, types: true, sets_size: true}]})
  await one.request('session.resize', {cols: 100, rows: 10})
  expect(size()).toEqual({cols: 40, rows: 10})
  await two.peer.close()
  await expect.poll(size).toEqual({cols: 100, rows: 10})
})

test('a prompt runs in a terminal of the size that its client settles', async () => {
  const [one, two] = [connect('one'), connect('two')]
  await one.resume(phone)
  await two.resume(desk)
  await one.request('prompt.submit', {prompt_id: 'a', text: 'ls'})
  expect(log.read({types: ['message.start']})).toMatchObject([{payload: phone}])
})

test('a client that does not look, such as `holdfast resize`, sets the size until others change theirs', async () => {
  const one = connect('one')
  await one.resume(desk)
  await connect().request('session.resize', {cols: 90, rows: 30})
  expect(size()).toEqual({cols: 90, rows: 30})
  await expect.poll(one.told).toEqual({cols: 90, rows: 30, viewers: []})
  await one.request('prompt.submit', {prompt_id: 'a', text: 'ls'})
  expect(size()).toEqual({cols: 90, rows: 30})
  await one.request('session.resize', phone)
  expect(size()).toEqual(phone)
})

test('an attached terminal decides alone until it is detached', async () => {
  const [one, two] = [connect('one'), connect('two')]
  await one.resume(phone)
  await one.request('prompt.submit', {prompt_id: 'a', text: 'vim'})
  await two.resume(desk)
  await two.request('attach.start', {attach_id: 'x', ...desk})
  expect(size()).toEqual(desk)
  await one.request('session.resize', {cols: 41, rows: 21})
  expect(size()).toEqual(desk)
  await two.request('session.resize', {cols: 100, rows: 30})
  expect(size()).toEqual({cols: 100, rows: 30})
  await two.request('attach.end', {attach_id: 'x'})
  expect(size()).toEqual({cols: 41, rows: 21})
})

test('the terminal of a client that leaves the session is detached: the program does not wait for it', async () => {
  const one = connect('one')
  await one.resume(desk)
  await one.request('prompt.submit', {prompt_id: 'a', text: 'make'})
  await one.request('attach.start', {attach_id: 'x', ...desk, lossless: true})
  agent.print('x'.repeat(attachWindowBytes + 1))
  await expect.poll(() => agent.isPaused).toBe(true)
  await one.request('session.leave')
  expect(agent.isPaused).toBe(false)
  expect(session.attachments.attached).toBeUndefined()
})

test('a session that only a read-only client looks at is not used', async () => {
  const watcher = connect('web', {name: 'phone', read_only: true})
  await watcher.resume()
  expect(server.isWatched).toBe(false)
  const user = connect('terminal')
  await user.resume()
  expect(server.isWatched).toBe(true)
  await expect.poll(user.told).toMatchObject({viewers: [{name: 'phone', read_only: true}]})
})

test('a peer of another protocol version is told both versions', async () => {
  const [near, far] = createMemoryPair()
  server.serve(far)
  const peer = createConnection(near)
  const events: unknown[] = []
  peer.subscribe('event', (event) => void events.push(event))
  peer.notify('client.hello', {protocol: 3, version: '9.0.0'})
  await peer.closed
  expect(readRefusal(events.at(-1))).toMatchObject({
    code: errorCodes.protocolMismatch,
    message: 'The client (version 9.0.0) speaks protocol 3, this program speaks 2: update the older of the two',
  })
})

test('the log says which caller did what, and says nothing of the user of the machine', async () => {
  const clients = [connect('web', {name: 'phone'}), connect('terminal')]
  for (const [at, {request}] of clients.entries()) {
    const id = `p${at}`
    await request('prompt.submit', {prompt_id: id, text: 'sleep'})
    await request('prompt.submit', {prompt_id: `${id}-next`, text: 'ls', hold_on_failure: true})
    await request('prompt.update', {prompt_id: `${id}-next`, text: 'ls -l'})
    agent.ask({approvalId: id, title: 'Run it?', choices: [{id: 'yes', label: 'Yes'}]})
    await request('approval.answer', {approval_id: id, choice: 'yes'})
    await request('session.title', {title: `title ${at}`})
    await request('session.tag', {add: [`tag${at}`]})
    await request('session.mark', {name: 'here'})
    await request('draft.set', {text: `draft ${at}`})
    await request('attach.start', {attach_id: id, ...desk})
    await request('session.interrupt')
    await expect.poll(() => session.state.held).not.toBeNull()
    await request('queue.continue')
    await request('session.interrupt')
    await expect.poll(() => session.state.running).toBeNull()
    await request('prompt.submit', {prompt_id: `${id}-long`, text: 'sleep'})
    await request('prompt.submit', {prompt_id: `${id}-gone`, text: 'ls'})
    await request('prompt.withdraw', {prompt_id: `${id}-gone`})
    await agent.finish()
  }
  await clients[0]!.request('session.close')
  const caused = log.read().flatMap(({type, payload}) => ('by' in payload ? [`${type} ${payload.by}`] : []))
  const counted = Object.groupBy(caused, (each) => each)
  expect(Object.fromEntries(Object.entries(counted).map(([each, all]) => [each, all!.length]))).toEqual({
    'prompt.queued phone': 4,
    'message.start phone': 3,
    'prompt.updated phone': 1,
    'approval.resolved phone': 1,
    'approval.resolved user': 1,
    'session.info phone': 2,
    'session.marked phone': 1,
    'attach.start phone': 1,
    'draft.updated phone': 1,
    'message.complete phone': 3,
    'queue.continued phone': 1,
    'session.closed phone': 1,
  })
  expect(session.state.info).not.toHaveProperty('by')
})
