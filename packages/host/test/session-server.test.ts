import {createMemoryLog} from '@holdfast/event-log'
import {
  createSessionId,
  errorCodes,
  maxHostPeers,
  parseEvent,
  parseResult,
  readRefusal,
  type SessionEvent,
} from '@holdfast/protocol'
import {createConnection, createMemoryPair, type Connection} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import type {Reading} from '../src/agent/agent.ts'
import {createSessionServer} from '../src/server/session-server.ts'
import {createSession} from '../src/session/create-session.ts'
import type {Session} from '../src/session/session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

const session_id = createSessionId()

interface Watcher {
  peer: Connection
  /** The received seqs, in order. */
  seqs: number[]
}

function openServer() {
  const log = createMemoryLog({sessionId: session_id})
  const agent = createHandDrivenAgent()
  let session: Session | undefined
  const closes: string[] = []
  const server = createSessionServer({
    sessionId: session_id,
    version: '1.2.3',
    current: () => (session === undefined ? undefined : {session, log}),
    create({cwd = '/'}) {
      log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd, created_at: 1}}])
      session = createSession({
        log,
        agent,
        onAppend: () => server.wake(),
        onActivity: () => server.notifyActivity(),
        onFault: (error) => closes.push(String(error)),
      })
      server.wake()
    },
    onClosed: () => closes.push('closed'),
  })
  const connect = (): Watcher => {
    const [near, far] = createMemoryPair()
    server.serve(far)
    const seqs: number[] = []
    const peer = createConnection(near)
    peer.subscribe('event', (params) => {
      const event = parseEvent(params)
      if ('seq' in event) seqs.push((event as SessionEvent).seq)
    })
    return {peer, seqs}
  }
  return {log, agent, connect, closes}
}

async function openSession() {
  const opened = openServer()
  const watcher = opened.connect()
  await watcher.peer.request('session.create', {cwd: '/tmp'})
  return {...opened, watcher}
}

test('greets with its protocol and version before anything else', async () => {
  const {connect} = openServer()
  const greetings: unknown[] = []
  connect().peer.subscribe('event', (params) => greetings.push(params))
  await expect.poll(() => greetings).toEqual([{type: 'gateway.ready', payload: {protocol: 2, version: '1.2.3'}}])
})

test('a session is not found before it is created, and repeated requests create it once', async () => {
  const {connect, log} = openServer()
  const {peer} = connect()
  await expect(peer.request('session.resume', {session_id, after_seq: 0})).rejects.toMatchObject({
    code: errorCodes.sessionNotFound,
  })
  await expect(peer.request('session.create', {cwd: '/tmp'})).resolves.toEqual({session_id})
  await expect(peer.request('session.create', {cwd: '/tmp'})).resolves.toEqual({session_id})
  expect(log.latestSeq).toBe(1)
})

test('the id of another session is not found', async () => {
  const {watcher} = await openSession()
  await expect(watcher.peer.request('session.interrupt', {session_id: createSessionId()})).rejects.toMatchObject({
    code: errorCodes.sessionNotFound,
  })
})

test('the response to a resume precedes the events, and no event is missing between old and new ones', async () => {
  const {agent, watcher} = await openSession()
  const order: string[] = []
  watcher.peer.subscribe('event', () => order.push('event'))
  await watcher.peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  const resumed = watcher.peer.request('session.resume', {session_id, after_seq: 0}).then((result) => {
    order.push('answer')
    return parseResult('session.resume', result)
  })
  agent.print('out')
  await agent.finish()
  const {state, latest_seq} = await resumed
  expect(state).toMatchObject({session_id, running: {prompt_id: 'a'}})
  expect(latest_seq).toBe(3)
  await expect.poll(() => watcher.seqs).toEqual([1, 2, 3, 4, 5])
  expect(order.filter((what) => what === 'answer')).toHaveLength(1)
})

test.each([
  ['a seq', 2, [3, 4]],
  ['the end', 4, []],
  ['beyond the end', 99, []],
  ['the last two', -2, [3, 4]],
  ['more than there are', -99, [1, 2, 3, 4]],
])('resumes after %s', async (_where, after_seq, expected) => {
  const {connect, watcher} = await openSession()
  await watcher.peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  await watcher.peer.request('prompt.submit', {session_id, prompt_id: 'b', text: 'pwd'})
  const late = connect()
  await late.peer.request('session.resume', {session_id, after_seq})
  await late.peer.request('gateway.ping')
  await expect.poll(() => late.seqs).toEqual(expected)
})

test('two peers see the same events, and both may act', async () => {
  const {agent, connect, watcher} = await openSession()
  const other = connect()
  for (const {peer} of [watcher, other]) await peer.request('session.resume', {session_id, after_seq: 0})
  await watcher.peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  await other.peer.request('prompt.submit', {session_id, prompt_id: 'b', text: 'pwd'})
  await agent.finish()
  await agent.finish()
  await expect.poll(() => watcher.seqs).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(other.seqs).toEqual(watcher.seqs)
})

test('any peer may withdraw a waiting prompt', async () => {
  const {connect, watcher} = await openSession()
  const other = connect()
  for (const prompt_id of ['a', 'b'])
    await watcher.peer.request('prompt.submit', {session_id, prompt_id, text: prompt_id})
  const withdraw = (prompt_id: string) => other.peer.request('prompt.withdraw', {session_id, prompt_id})
  expect(await withdraw('b')).toEqual({withdrawn: true})
  expect(await withdraw('a')).toEqual({withdrawn: false})
})

test('a peer gets no events after it left, and continues with a second resume', async () => {
  const {watcher} = await openSession()
  const {peer, seqs} = watcher
  await peer.request('session.resume', {session_id, after_seq: 0})
  await expect.poll(() => seqs).toEqual([1])
  await peer.request('session.leave', {session_id})
  await peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'ls'})
  await peer.request('session.resume', {session_id, after_seq: 1})
  await peer.request('session.resume', {session_id, after_seq: 2})
  await expect.poll(() => seqs.at(-1)).toBe(3)
  expect(seqs.slice(0, 2)).not.toEqual([1, 1])
})

test('closing notifies all peers, then the host', async () => {
  const {closes, connect, watcher} = await openSession()
  const other = connect()
  await other.peer.request('session.resume', {session_id, after_seq: 0})
  await expect(watcher.peer.request('session.close', {session_id})).resolves.toEqual({closed: true})
  await expect.poll(() => other.seqs).toEqual([1, 2])
  await expect.poll(() => closes).toEqual(['closed'])
})

test('all watching peers, and later ones, are notified of the activity until the program ends', async () => {
  const {agent, watcher, connect} = await openSession()
  const activitiesOf = async ({peer}: Watcher) => {
    const activities: unknown[] = []
    peer.subscribe('event', (event) => {
      const {type, payload} = event as {type: string; payload: {state?: string; input?: string}}
      if (type === 'session.activity') activities.push(`${payload.state} ${payload.input}`)
    })
    await peer.request('session.resume', {session_id, after_seq: 0})
    return activities
  }
  const first = await activitiesOf(watcher)
  await watcher.peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'read -s x'})
  agent.setActivity({state: 'waiting-for-input', input: 'hidden', mayBeSecret: true})
  const second = await activitiesOf(connect())
  await expect.poll(() => [first, second]).toEqual([['waiting-for-input hidden'], ['waiting-for-input hidden']])
  await agent.finish()
  expect(await activitiesOf(connect())).toEqual([])
})

test.each(['hidden', 'line'] as const)(
  'a typed prompt that is repeated while the first waits for its look is committed once, although the program reads a %s line then',
  async (input) => {
    const {agent, watcher, connect} = await openSession()
    await watcher.peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'deploy'})
    const firstLook = Promise.withResolvers<Reading>()
    const looks = [firstLook.promise]
    agent.look = () => looks.shift() ?? Promise.resolve({input, mayBeSecret: input === 'hidden'})
    const typed = {session_id, prompt_id: 'b', text: 'make', hidden_at: 0, if_input: 'none'}
    const lost = watcher.peer.request('prompt.submit', typed).catch(() => 'lost')
    await expect.poll(() => looks).toEqual([])
    await watcher.peer.close()
    const repeated = connect().peer.request('prompt.submit', typed)
    repeated.catch(() => undefined)
    firstLook.resolve({input: 'none', mayBeSecret: false})
    await expect(repeated).resolves.toMatchObject({prompt_id: 'b', status: 'queued'})
    expect(await lost).toBe('lost')
    await agent.finish()
    await agent.finish()
    expect(agent.asked).toEqual(['deploy', 'make'])
  },
)

test('one peer too many is refused with the reason, and another one is served once a peer has left', async () => {
  const {connect} = openServer()
  const first = connect()
  for (let count = 1; count < maxHostPeers; count++) connect()
  const {peer: refused} = connect()
  const message = new Promise((resolve) => refused.subscribe('event', resolve))
  expect(readRefusal(await message)).toMatchObject({
    code: errorCodes.tooMany,
    message: `too many clients have this session open: the limit is ${maxHostPeers}`,
  })
  await refused.closed
  await first.peer.close()
  await expect.poll(() => connect().peer.request('gateway.ping').catch(String)).toEqual({})
})

test('a peer that watches the summary gets each change of it, and only the last of many', async () => {
  const {connect, agent} = openServer()
  const summaries: unknown[] = []
  const list = connect()
  list.peer.subscribe('event', (params) => {
    const event = parseEvent(params)
    if (event.type === 'session.changed') summaries.push(event.payload)
  })
  // Before the session is created, there is none.
  await expect(list.peer.request('session.summary', {session_id, watch: true})).resolves.toEqual({})
  await expect(list.peer.request('session.summary', {session_id: createSessionId()})).rejects.toMatchObject({
    code: errorCodes.sessionNotFound,
  })
  const {peer} = connect()
  await peer.request('session.create', {cwd: '/tmp'})
  await expect.poll(() => summaries.at(-1)).toMatchObject({id: session_id, state: 'idle', title: 'one'})

  await peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'sudo true'})
  await expect.poll(() => summaries.at(-1)).toMatchObject({state: 'running'})
  agent.setActivity({state: 'waiting-for-input', input: 'hidden', mayBeSecret: true})
  await expect.poll(() => summaries.at(-1)).toMatchObject({state: 'running', waits_for: 'password'})
  await agent.finish()
  await expect.poll(() => summaries.at(-1)).toMatchObject({state: 'idle'})
  expect(summaries.at(-1)).not.toHaveProperty('waits_for')
  const count = summaries.length
  for (let number = 0; number < 50; number++)
    await peer.request('session.tag', {session_id, add: [`tag-${number}`], remove: [`tag-${number - 1}`]})
  await expect.poll(() => summaries.at(-1)).toMatchObject({tags: ['tag-49']})
  expect(summaries.length - count).toBeLessThan(50)
})
