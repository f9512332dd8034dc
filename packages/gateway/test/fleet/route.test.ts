import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'

import {claimSession, readHolder, restoreLog} from '@holdfast/fleet'
import {homePaths, sessionPaths, takeLease} from '@holdfast/event-log'
import {createSessionId, errorCodes, type Result} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {startCluster, startServer} from '../../../fleet/test/fixtures/start-servers.ts'
import {removeSessions} from '../../../fleet/test/fixtures/test-fleet.ts'
import {connectOutside, startMachine, type TestMachine} from '../fixtures/fleet-machine.ts'
import {until, upTo, type TestClient} from '../fixtures/gateway-home.ts'

const create = async ({peer}: TestClient, params: object = {}) =>
  ((await peer.request('session.create', params)) as {session_id: string}).session_id
const resume = ({peer}: TestClient, session_id: string, after_seq = 0) =>
  peer.request('session.resume', {session_id, after_seq})
const submit = ({peer}: TestClient, session_id: string, text: string, prompt_id = 'p') =>
  peer.request('prompt.submit', {session_id, prompt_id, text})
const list = async ({peer}: TestClient) => (await peer.request('session.list')) as Result<'session.list'>

async function startTwo(starting = startServer().then((server) => [server])) {
  const servers = await starting
  const [a, b] = [await startMachine(servers, 'a'), await startMachine(servers, 'b')]
  return {servers, a, b}
}

test('a session is created on the machine of its client, and clients of all machines see the same', async () => {
  const {servers, a, b} = await startTwo()
  const clients = [a.connect(), b.connect(), await connectOutside(servers)]
  const id = await create(clients[0]!)
  expect(a.home.hosts()).toHaveLength(1)
  for (const client of clients) await resume(client, id)
  await submit(clients[2]!, id, 'print 100')
  for (const client of clients) await until(() => expect(client.seqs).toEqual(upTo(103)))
  expect(clients[1]!.events).toEqual(clients[0]!.events)
  expect(b.home.starts()).toEqual([])
})

test('the machine of a session starts its host again', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  const client = b.connect()
  await resume(client, id)
  a.home.killHost()
  await submit(client, id, 'print 5')
  await until(() => expect(client.seqs).toEqual(upTo(8)))
  expect(a.home.hosts()).toHaveLength(2)
  expect(b.home.starts()).toEqual([])
})

test('lists, searches and histories join what all machines have', async () => {
  const {servers, a, b} = await startTwo()
  const [onA, onB] = [await create(a.connect()), await create(b.connect())]
  await submit(a.connect(), onA, 'print 1')
  await submit(b.connect(), onB, 'print 2')
  for (const client of [a.connect(), await connectOutside(servers)]) {
    const {sessions, incomplete} = await list(client)
    expect(sessions.map(({id, machine, state}) => ({id, machine, state}))).toEqual([
      {id: onB, machine: 'b', state: 'idle'},
      {id: onA, machine: 'a', state: 'idle'},
    ])
    expect(incomplete).toBeUndefined()
    const found = (await client.peer.request('session.search', {words: ['made']})) as Result<'session.search'>
    expect(found.sessions.map(({id}) => id).sort()).toEqual([onA, onB].sort())
    const {prompts} = (await client.peer.request('prompt.history')) as Result<'prompt.history'>
    expect(prompts.map(({text}) => text)).toEqual(['print 2', 'print 1'])
  }
})

test('the history of a shell is read on the machine of its session', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  writeFileSync(`${a.home.path}/history`, ': 1600000000:0;on a\n')
  writeFileSync(`${b.home.path}/history`, ': 1600000000:0;on b\n')
  const history = async (params: object) =>
    (await b.connect().peer.request('prompt.history', params)) as Result<'prompt.history'>
  expect((await history({session_id: id})).prompts).toMatchObject([{text: 'on a'}])
  expect((await history({})).prompts).toEqual([])
})

test('a list says that it lacks sessions of machines that are away, where these cannot be listed', async () => {
  const {a, b} = await startTwo()
  const onA = await create(a.connect())
  await removeSessions(a.fleet)
  const {sessions, incomplete} = await list(b.connect())
  expect(sessions).toMatchObject([{id: onA, machine: 'a'}])
  expect(incomplete).toMatch(/^The fleet cannot be asked: .*: sessions of machines that are away are missing$/)
})

test('a list names the machines that do not answer, and has their open sessions', async () => {
  const {servers, a, b} = await startTwo()
  const [onA, onB] = [await create(a.connect()), await create(b.connect())]
  await a.stopServing({keepsLease: true})
  const {sessions, incomplete} = await list(await connectOutside(servers))
  expect(incomplete).toBe('Machine a does not answer: what it has may be missing')
  expect(sessions).toMatchObject([
    {id: onB, machine: 'b', state: 'idle'},
    {id: onA, machine: 'a', state: 'stopped', machine_silent: true, title: 'on a, which does not answer'},
  ])
  await a.stopServing()
  // A list of machines may be a second old.
  const listed = async () => (await list(b.connect())).sessions.map(({id, machine_silent}) => ({id, machine_silent}))
  await expect.poll(listed).toEqual([{id: onB}, {id: onA}])
})

test('a new session goes to a machine that takes it', async () => {
  const {servers, a, b} = await startTwo()
  await a.change({accepts: false})
  await b.change({labels: ['agent:claude']})
  const client = a.connect()
  const id = await create(client)
  expect(await readHolder(a.fleet, id)).toMatchObject({machine: 'b'})
  // The answer was lost.
  await b.change({accepts: false})
  expect(await create(client, {session_id: id})).toBe(id)
  expect(b.home.hosts()).toHaveLength(1)
  await a.change({accepts: true})
  await expect
    .poll(() => create(client, {agent: 'claude'}).catch(({message}: Error) => message))
    .toBe('No machine of the fleet takes this session: it needs one with agent:claude')
  await b.change({accepts: true})
  const outside = await connectOutside(servers)
  const withAgent = await create(outside, {agent: 'claude'})
  expect(await readHolder(a.fleet, withAgent)).toMatchObject({machine: 'b'})
})

test('events are read on the machine of a session, also of a closed one', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  const {peer} = b.connect()
  const events = async (range: object) => {
    const answer = await peer.request('session.events', {session_id: id, ...range})
    return (answer as Result<'session.events'>).events.map(({seq}) => seq)
  }
  expect(await events({})).toEqual([1])
  expect(await peer.request('session.close', {session_id: id})).toEqual({closed: true})
  expect(await events({after_seq: 1})).toEqual([2])
})

test('what the cluster has of a session can be read while its machine is away', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  await submit(a.connect(), id, 'print 5')
  await a.stopServing()
  a.home.killHost()
  const reader = b.connect({caller: {name: 'eve', isReadOnly: true}})
  const read = async () =>
    ((await reader.peer.request('session.events', {session_id: id})) as Result<'session.events'>).events
  await expect.poll(read).toHaveLength(8)
  await resume(reader, id)
  await until(() => expect(reader.seqs).toEqual(upTo(8)))
  expect((await list(reader)).sessions).toMatchObject([{id, machine: 'a', state: 'stopped', title: 'made'}])
  await takeOver(b, 'b', id)
  await submit(b.connect(), id, 'print 1', 'q')
  await until(() => expect(reader.seqs).toEqual(upTo(11)))
})

test('a session is deleted on its machine and in the cluster, wherever its client is', async () => {
  const {a, b} = await startTwo()
  for (const client of [a.connect(), b.connect()]) {
    const session_id = await create(a.connect())
    const {log} = sessionPaths(a.home.path, session_id)
    const deleting = client.peer.request('session.delete', {session_id})
    await expect(deleting).rejects.toMatchObject({code: errorCodes.notAllowed})
    await client.peer.request('session.close', {session_id})
    expect(existsSync(log)).toBe(true)
    expect(await client.peer.request('session.delete', {session_id})).toEqual({})
    expect(existsSync(log)).toBe(false)
    expect(await readHolder(a.fleet, session_id)).toMatchObject({state: 'deleted'})
    for (const method of ['session.events', 'session.delete', 'session.look']) {
      const asked = client.peer.request(method, {session_id})
      await expect(asked).rejects.toMatchObject({code: errorCodes.sessionNotFound})
    }
    expect((await list(client)).sessions).toEqual([])
  }
})

test('a closed session is not opened on another machine, and its machine need not be there to delete it', async () => {
  const {a, b} = await startTwo()
  const session_id = await create(a.connect())
  const client = b.connect()
  await client.peer.request('session.close', {session_id})
  expect(await client.peer.request('session.close', {session_id})).toEqual({closed: false})
  await expect(resume(client, session_id)).rejects.toMatchObject({code: errorCodes.sessionClosed})
  await a.stopServing()
  expect(await client.peer.request('session.delete', {session_id})).toEqual({})
  expect(await readHolder(a.fleet, session_id)).toMatchObject({state: 'deleted'})
  expect(a.home.hosts()).toHaveLength(1)
})

test('a client that watches sessions is told about those of all machines', async () => {
  const {a, b} = await startTwo()
  const onA = await create(a.connect())
  const client = b.connect()
  const told = (id: string) =>
    client.ephemeral.filter(({session_id}) => session_id === id).map(({type, payload}) => ({type, payload}))
  const page = (await client.peer.request('sessions.watch')) as Result<'session.list'>
  expect(page.sessions).toMatchObject([{id: onA, machine: 'a', state: 'idle'}])
  await submit(a.connect(), onA, 'wait')
  await until(() => expect(told(onA).at(-1)).toMatchObject({payload: {state: 'running', machine: 'a'}}))
  const [newOnA, newOnB] = [await create(a.connect()), await create(client)]
  await until(() => expect(told(newOnA).at(-1)).toMatchObject({payload: {machine: 'a', state: 'idle'}}))
  await until(() => expect(told(newOnB).at(-1)).toMatchObject({payload: {machine: 'b', state: 'idle'}}))
  await a.stopServing()
  await until(() => expect(told(onA).at(-1)).toMatchObject({payload: {state: 'stopped', machine: 'a'}}))
})

test('a machine that serves again within its lease has lost no session', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  const client = b.connect()
  await client.peer.request('sessions.watch')
  await a.stopServing({keepsLease: true})
  await submit(a.connect(), id, 'wait')
  await a.serve()
  const states = () =>
    client.ephemeral.filter(({session_id}) => session_id === id).map(({payload}) => (payload as {state: string}).state)
  await until(() => expect(states()).toContain('running'))
  expect(states()).not.toContain('stopped')
})

test('sessions.watch reports when a machine stops answering, and when it answers again', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  const client = b.connect()
  await client.peer.request('sessions.watch')
  await a.stopServing({keepsLease: true})
  const last = () => client.ephemeral.findLast(({session_id}) => session_id === id)?.payload
  await until(() => expect(last()).toMatchObject({state: 'idle', machine: 'a', machine_silent: true}))
  await a.serve()
  await until(() => expect(last()).not.toHaveProperty('machine_silent'))
  expect(last()).toMatchObject({state: 'idle', machine: 'a'})
})

test.each(['loses its lease', 'answers again without the session'])(
  'a session that was listed while its machine was silent is stopped once this %s',
  async (what) => {
    const {a, b} = await startTwo()
    const id = await create(a.connect())
    await a.stopServing({keepsLease: true})
    const client = b.connect()
    const page = (await client.peer.request('sessions.watch')) as Result<'session.list'>
    expect(page.sessions).toMatchObject([{id, state: 'stopped', machine: 'a', machine_silent: true}])
    if (what === 'loses its lease') await a.stopServing()
    else {
      a.home.killHost()
      rmSync(sessionPaths(a.home.path, id).log)
      await a.serve()
    }
    const last = () => client.ephemeral.findLast(({session_id}) => session_id === id)?.payload
    await until(() => expect(last()).toMatchObject({state: 'stopped', machine: 'a'}))
    expect(last()).not.toMatchObject({machine_silent: true})
  },
)

test('sessions go on while a server of the cluster dies', async () => {
  const {servers, a, b} = await startTwo(startCluster())
  const id = await create(a.connect())
  const client = b.connect()
  await resume(client, id)
  for (const [index, server] of servers.entries()) {
    await server.kill('SIGKILL')
    await submit(client, id, 'print 10', `p${index}`)
    await until(() => expect(client.seqs).toEqual(upTo(1 + 12 * (index + 1))))
    await server.start()
  }
})

/** What `serve` does on the machine that takes a session over. */
async function takeOver(machine: TestMachine, name: string, sessionId: string) {
  const holder = await readHolder(machine.fleet, sessionId)
  const options = {machine: name, instance: 'serve', replaces: holder?.epoch ?? 0}
  const result = await claimSession(machine.fleet, sessionId, options)
  if (result.kind === 'lost') throw new Error(`${result.machine} has the session`)
  const {log, lease} = sessionPaths(machine.home.path, sessionId)
  mkdirSync(homePaths(machine.home.path).run, {recursive: true})
  const held = takeLease(lease, {waitMs: 0})
  await restoreLog(machine.fleet, result.claim, {file: log})
  held.release()
}

test('a client that watches a session whose machine dies is told, and goes on where another machine has taken it over', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  const client = b.connect()
  await resume(client, id)
  await submit(client, id, 'print 10', 'first')
  await until(() => expect(client.seqs).toEqual(upTo(13)))
  await a.stopServing()
  a.home.killHost()
  const submitted = submit(client, id, 'print 10', 'second')
  await until(() =>
    expect(client.ephemeral.at(-1)).toMatchObject({
      type: 'session.unresponsive',
      session_id: id,
      payload: {message: 'Machine a is not reachable; its sessions move to another one within 135 s'},
    }),
  )
  await takeOver(b, 'b', id)
  expect(await submitted).toMatchObject({prompt_id: 'second'})
  await until(() => expect(client.seqs).toEqual(upTo(25)))
  expect(client.ephemeral.at(-1)).toMatchObject({type: 'session.responsive', session_id: id})
  expect((await list(client)).sessions).toMatchObject([{id, machine: 'b', state: 'idle'}])
})

test('who opens a session that no machine can run is told at once', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  await b.change({accepts: false})
  await a.stopServing()
  a.home.killHost()
  await expect(resume(b.connect(), id)).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: `Machine a is not reachable, and no other machine can take session ${id} (it needs one that accepts sessions)`,
  })
})

test('a log from before a move is not taken for the session', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  a.home.killHost()
  await expect.poll(async () => readHolder(a.fleet, id)).toMatchObject({machine: 'a'})
  await takeOver(b, 'b', id)
  const client = a.connect()
  await resume(client, id)
  await submit(client, id, 'print 1')
  await until(() => expect(client.seqs).toEqual(upTo(4)))
  expect(a.home.hosts()).toHaveLength(1)
  expect((await list(client)).sessions).toMatchObject([{id, machine: 'b', state: 'idle'}])
  const {events} = (await client.peer.request('session.events', {session_id: id})) as Result<'session.events'>
  expect(events).toHaveLength(4)
})

test('a client that may only look starts no host on another machine', async () => {
  const {a, b} = await startTwo()
  const id = await create(a.connect())
  const reader = b.connect({caller: {name: 'eve', isReadOnly: true}})
  await resume(reader, id)
  await expect(submit(reader, id, 'print 1')).rejects.toMatchObject({code: errorCodes.readOnly})
  await submit(a.connect(), id, 'print 1')
  await until(() => expect(reader.seqs).toEqual(upTo(4)))
})

test('what nobody has claimed and what was never there is not found', async () => {
  const {servers} = await startTwo()
  const {peer} = await connectOutside(servers)
  const missing = createSessionId()
  for (const method of ['session.events', 'session.look', 'session.delete']) {
    await expect(peer.request(method, {session_id: missing})).rejects.toMatchObject({
      code: errorCodes.sessionNotFound,
    })
  }
})
