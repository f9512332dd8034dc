import {once} from 'node:events'
import {existsSync, mkdirSync, rmSync} from 'node:fs'

import {openSqliteLog} from '@holdfast/event-log'
import {connectFleet, deleteSession, readHolder, type Fleet} from '@holdfast/fleet'
import {createSessionId} from '@holdfast/protocol'
import {createConnection} from '@holdfast/rpc'
import {expect, test, vi} from 'vitest'

import {startServer} from '../../../fleet/test/fixtures/start-servers.ts'
import {openTestFleet, readUntil, win} from '../../../fleet/test/fixtures/test-fleet.ts'
import {createMachine, openSession, untilEvent, type TestMachine} from '../fixtures/fleet-host.ts'

/** The types of the events of a session that the cluster has. */
async function shipped(fleet: Fleet, sessionId: string, lastSeq: number): Promise<string[]> {
  return (await readUntil(fleet, sessionId, lastSeq)).map(({event}) => event.type)
}

const untilRecorded = (machine: TestMachine, event: string) =>
  vi.waitUntil(() => machine.crashLog().find((line) => line.event === event), {timeout: 20_000, interval: 20})

test('a host claims a new session, ships its log, and closes it in the cluster', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId, host, client} = await openSession(machine)
  await client.request('prompt.submit', {session_id: sessionId, prompt_id: 'a', text: 'echo hello'})
  const {seq} = await untilEvent(client, 'message.complete')
  expect(await shipped(fleet, sessionId, seq)).toEqual(client.events.map(({type}) => type).slice(0, seq))
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'box', epoch: 1, state: 'open'})

  await client.request('session.close', {session_id: sessionId})
  expect(await host.exited).toEqual([0, null])
  expect(await shipped(fleet, sessionId, seq + 1)).toContain('session.closed')
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'box', epoch: 2, state: 'closed'})
  // An upgrade may remove the installed files while it runs.
  expect(await host.stderr).toBe('')
})

test('a host that starts again claims the session under the next epoch, and ships what the last one did not', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const first = await openSession(machine)
  const session_id = first.sessionId
  await first.client.request('prompt.submit', {session_id, prompt_id: 'a', text: 'sleep 100'})
  await untilEvent(first.client, 'message.start')
  first.host.child.kill('SIGKILL')
  await first.host.exited

  const second = await machine.startHost(session_id)
  const client = await second.connect()
  await client.request('session.resume', {session_id, after_seq: 0})
  const {seq} = await untilEvent(client, 'message.complete')
  expect(await shipped(fleet, session_id, seq)).toContain('message.complete')
  expect(await readHolder(fleet, session_id)).toMatchObject({machine: 'box', epoch: 2})
})

test('a host does not run a session that another machine holds', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId, host} = await openSession(machine)
  host.child.kill('SIGTERM')
  await host.exited
  await win(fleet, sessionId, {machine: 'other', replaces: 1})

  const again = await machine.startHost(sessionId)
  expect(await again.exited).toEqual([76, null])
  expect(machine.crashLog()).toContainEqual(
    expect.objectContaining({event: 'held-elsewhere', facts: expect.objectContaining({machine: 'other'})}),
  )
})

test('a host whose session another machine claims ends its programs at once, idle or not', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId, host, client} = await openSession(machine)
  await client.request('prompt.submit', {session_id: sessionId, prompt_id: 'a', text: 'echo $$; exec sleep 1234'})
  const {payload} = await untilEvent(client, 'message.delta', (event) => /\d/.test(event.payload.text ?? ''))
  const pid = Number(payload.text)
  await expect.poll(async () => (await readUntil(fleet, sessionId, 1)).length).toBeGreaterThan(0)
  await win(fleet, sessionId, {machine: 'other', replaces: 1})

  await client.closed
  expect(await host.exited).toEqual([0, null])
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  const fenced = await untilRecorded(machine, 'fenced')
  expect(fenced.facts).toMatchObject({machine: 'other', epoch: 2})
})

test('a log that lost its last events, as in a power failure, gets them back from the cluster', async () => {
  const server = await startServer()
  await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId, host, client} = await openSession(machine)
  await client.request('session.title', {session_id: sessionId, title: 'kept'})
  host.child.kill('SIGTERM')
  await once(host.child, 'exit')
  rmSync(`${machine.home}/sessions`, {recursive: true})

  const again = await (await machine.startHost(sessionId)).connect()
  const resumed = await again.request('session.resume', {session_id: sessionId, after_seq: 0})
  expect(resumed).toMatchObject({state: {info: {title: 'kept'}}})
})

test('a client reaches a host through the cluster, and loses the connection when another machine claims the session', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId} = await openSession(machine)
  const transport = await vi.waitUntil(() => connectFleet(fleet, {session: sessionId}).catch(() => undefined), {
    timeout: 20_000,
  })
  const peer = createConnection(transport)
  const resumed = await peer.request('session.resume', {session_id: sessionId, after_seq: 0})
  expect(resumed).toMatchObject({latest_seq: 1})
  await win(fleet, sessionId, {machine: 'other', replaces: 1})
  await peer.closed
  await expect(connectFleet(fleet, {session: sessionId})).rejects.toMatchObject({code: 'nobody-listens'})
})

test('the host of a session that is deleted in the cluster ends, and removes nothing', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId, host} = await openSession(machine)
  await deleteSession(fleet, sessionId)
  expect(await host.exited).toEqual([0, null])
  expect(machine.crashLog().map(({event}) => event)).toContain('deleted')
  expect(existsSync(`${machine.home}/sessions/${sessionId}.db`)).toBe(true)
  const again = await machine.startHost(sessionId)
  expect(await again.exited).toEqual([1, null])
  expect(await again.stderr).toContain('The session was deleted in the fleet')
})

test('a log that another machine went on with is not used, nor mixed with what came after', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const {sessionId, host, client} = await openSession(machine)
  await client.request('session.title', {session_id: sessionId, title: 'here'})
  await readUntil(fleet, sessionId, 2)
  host.child.kill('SIGKILL')
  await host.exited
  // The machine has an event 2 of its own in the cluster now; its log has another one.
  const other = createMachine([server], 'box')
  await other.startHost(sessionId)
  await expect.poll(async () => (await readHolder(fleet, sessionId))?.epoch).toBe(2)
  const file = `${machine.home}/sessions/${sessionId}.db`
  rmSync(`${machine.home}/sessions`, {recursive: true})
  mkdirSync(`${machine.home}/sessions`)
  const log = openSqliteLog({file, sessionId, create: true})
  log.append([{type: 'session.info', payload: {title: 'another one', agent: 'shell', cwd: '/', created_at: 1}}])
  log.close()

  const again = await machine.startHost(sessionId)
  expect(await again.exited).toEqual([1, null])
  expect(await again.stderr).toContain('Event 1 of session')
  // Nor is one that is longer.
  const longer = openSqliteLog({file, sessionId})
  longer.append(['two', 'three'].map((text) => ({type: 'note', payload: {text, level: 'info'}})))
  longer.close()
  const third = await machine.startHost(sessionId)
  expect(await third.exited).toEqual([1, null])
  expect(await third.stderr).toContain('Event 2 of session')
})

test('a session whose host was killed before the first event can be created', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const sessionId = createSessionId()
  await win(fleet, sessionId, {machine: 'box'})
  const host = await machine.startHost(sessionId)
  const client = await host.connect()
  await client.request('session.create', {cwd: machine.home})
  await client.request('session.resume', {session_id: sessionId, after_seq: 0})
  expect((await readUntil(fleet, sessionId, 1)).map(({event}) => event.type)).toEqual(['session.info'])
})

test('a session that cannot be created is left to no machine', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const sessionId = createSessionId()
  const host = await machine.startHost(sessionId)
  const client = await host.connect()
  // As on a full disk: the log cannot be created.
  mkdirSync(`${machine.home}/sessions/${sessionId}.db`)
  await expect(client.request('session.create', {cwd: machine.home})).rejects.toThrow()
  expect(await host.exited).toEqual([0, null])
  expect(await readHolder(fleet, sessionId)).toMatchObject({state: 'closed'})
})
