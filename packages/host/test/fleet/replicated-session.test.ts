import {readFileSync} from 'node:fs'

import {openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {expect, onTestFinished, test} from 'vitest'

import {startCluster, startServer} from '../../../fleet/test/fixtures/start-servers.ts'
import {openTestFleet, readUntil, win} from '../../../fleet/test/fixtures/test-fleet.ts'
import {isAlive} from '../fixtures/is-alive.ts'
import {createMachine, openSession, untilEvent} from '../fixtures/fleet-host.ts'

const promise = 'replicated'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('a prompt does not begin while the cluster is away, and runs once it is back', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server], {promise})
  const machine = createMachine([server], 'box', {promise})
  const {sessionId: session_id, client} = await openSession(machine)
  await server.kill('SIGSTOP')
  const submitted = client.request('prompt.submit', {session_id, prompt_id: 'a', text: 'echo ran >> effect'})
  await expect.poll(() => client.ephemeral.some(({type}) => type === 'session.not-saved')).toBe(true)
  expect(client.ephemeral.find(({type}) => type === 'session.not-saved')).toMatchObject({
    payload: {message: expect.stringContaining('cluster of the fleet')},
  })
  expect(client.events.map(({type}) => type)).not.toContain('prompt.queued')
  expect(() => readFileSync(`${machine.home}/effect`)).toThrow('ENOENT')

  await server.kill('SIGCONT')
  expect(await submitted).toMatchObject({status: 'running'})
  const {seq} = await untilEvent(client, 'message.complete')
  expect(readFileSync(`${machine.home}/effect`, 'utf8')).toBe('ran\n')
  expect((await readUntil(fleet, session_id, seq)).map(({event}) => event.type)).toEqual(
    client.events.map(({type}) => type).slice(0, seq),
  )
})

test('a prompt that waits for the cluster is interrupted, and its session closed, without it', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server], {promise})
  const machine = createMachine([server], 'box', {promise})
  const {sessionId: session_id, client, host} = await openSession(machine)
  await server.kill('SIGKILL')
  void client.request('prompt.submit', {session_id, prompt_id: 'a', text: 'echo ran >> effect'}).catch(() => {})
  await expect.poll(() => client.ephemeral.some(({type}) => type === 'session.not-saved')).toBe(true)
  expect(await client.request('session.interrupt', {session_id})).toEqual({interrupted: true})
  await expect(client.request('session.close', {session_id})).rejects.toThrow(
    'The programs of the session have ended; it is closed as soon as that can be saved: The cluster',
  )
  await pause(100)
  expect(host.child.exitCode).toBeNull()

  await server.start()
  expect(await host.exited).toEqual([0, null])
  const events = (await readUntil(fleet, session_id, 5)).map(({event}) => event)
  expect(events.map(({type}) => type)).toContain('session.closed')
  expect(events.find(({type}) => type === 'message.complete')).toMatchObject({payload: {status: 'interrupted'}})
  expect(() => readFileSync(`${machine.home}/effect`)).toThrow('ENOENT')
})

test('a host that was killed while the cluster was away shows what that has, and goes on when it is back', async () => {
  const server = await startServer()
  await openTestFleet([server], {promise})
  const machine = createMachine([server], 'box', {promise})
  const first = await openSession(machine)
  const session_id = first.sessionId
  await first.client.request('session.title', {session_id, title: 'saved'})
  await server.kill('SIGKILL')
  void first.client.request('session.title', {session_id, title: 'unsaved'}).catch(() => {})
  await expect.poll(() => first.client.ephemeral.some(({type}) => type === 'session.not-saved')).toBe(true)
  first.host.child.kill('SIGKILL')
  await first.host.exited

  const client = await (await machine.startHost(session_id)).connect()
  expect(await client.request('session.resume', {session_id, after_seq: 0})).toMatchObject({latest_seq: 2})
  await expect.poll(() => client.ephemeral.some(({type}) => type === 'session.not-saved')).toBe(true)
  await server.start()
  await untilEvent(client, 'session.info', ({payload}) => payload.title === 'unsaved')
})

test('a request that waits is refused, and nothing begins, once another machine has the session', async () => {
  const servers = await startCluster()
  const fleet = await openTestFleet(servers, {promise})
  const machine = createMachine(servers, 'box', {promise})
  const {sessionId: session_id, client, host} = await openSession(machine)
  host.child.kill('SIGSTOP')
  await win(fleet, session_id, {machine: 'other', replaces: 1})
  const submitted = client.request('prompt.submit', {session_id, prompt_id: 'a', text: 'echo ran >> effect'})
  host.child.kill('SIGCONT')
  await expect(submitted).rejects.toThrow()
  expect(await host.exited).toEqual([0, null])
  expect(() => readFileSync(`${machine.home}/effect`)).toThrow('ENOENT')
  expect(client.events.map(({type}) => type)).not.toContain('prompt.queued')
})

test('a program that prints waits while the cluster is away, is interrupted there, and its end is shown later', async () => {
  const server = await startServer()
  await openTestFleet([server], {promise})
  const machine = createMachine([server], 'box', {promise})
  const {sessionId: session_id, client} = await openSession(machine)
  const text = 'echo pid $$; while :; do echo line; sleep 0.01; done'
  await client.request('prompt.submit', {session_id, prompt_id: 'a', text: `exec bash -c '${text}'`})
  const {payload} = await untilEvent(client, 'message.delta', (event) => /pid \d+/.test(event.payload.text ?? ''))
  const pid = Number(/pid (\d+)/.exec(payload.text!)![1])
  await server.kill('SIGKILL')
  await expect.poll(() => client.ephemeral.some(({type}) => type === 'session.not-saved')).toBe(true)
  const log = openSqliteLog({file: sessionPaths(machine.home, session_id).log, sessionId: session_id, readOnly: true})
  onTestFinished(() => log.close())
  // What it had printed by then is still written.
  let last = 0
  await expect.poll(() => last === (last = log.latestSeq), {interval: 300}).toBe(true)

  expect(await client.request('session.interrupt', {session_id})).toEqual({interrupted: true})
  await expect.poll(() => !isAlive(pid)).toBe(true)
  await server.start()
  expect(await untilEvent(client, 'message.complete')).toMatchObject({payload: {prompt_id: 'a'}})
})
