import {mkdirSync, renameSync} from 'node:fs'

import {readHolder} from '@holdfast/fleet'
import {createSessionId} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {startCluster, startServer} from '../../../fleet/test/fixtures/start-servers.ts'
import {openTestFleet, readUntil, win} from '../../../fleet/test/fixtures/test-fleet.ts'
import {createMachine, openSession, untilEvent} from '../fixtures/fleet-host.ts'

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'a session runs on while its cluster is away (%s), and its events are shipped when it is back',
  async (signal) => {
    const server = await startServer()
    const fleet = await openTestFleet([server])
    const machine = createMachine([server], 'box')
    const {sessionId: session_id, client} = await openSession(machine)
    await server.kill(signal)
    await client.request('prompt.submit', {session_id, prompt_id: 'a', text: 'echo one'})
    const {seq} = await untilEvent(client, 'message.complete')
    await expect.poll(() => machine.crashLog().some(({event}) => event === 'cluster-away')).toBe(true)
    await (signal === 'SIGKILL' ? server.start() : server.kill('SIGCONT'))
    expect((await readUntil(fleet, session_id, seq)).at(-1)?.event.type).toBe('message.complete')
    await expect.poll(() => machine.crashLog().some(({event}) => event === 'cluster-back')).toBe(true)
    expect(client.ephemeral.map(({type}) => type)).not.toContain('session.not-saved')
  },
)

test('a host of the machine that held the session last starts without the cluster, and claims it later', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const machine = createMachine([server], 'box')
  const first = await openSession(machine)
  const session_id = first.sessionId
  first.host.child.kill('SIGKILL')
  await first.host.exited
  await server.kill('SIGKILL')

  const client = await (await machine.startHost(session_id)).connect()
  await client.request('session.resume', {session_id, after_seq: 0, cols: 80, rows: 24})
  await client.request('prompt.submit', {session_id, prompt_id: 'a', text: 'echo away'})
  const {seq} = await untilEvent(client, 'message.complete')
  await server.start()
  expect((await readUntil(fleet, session_id, seq)).at(-1)?.event.type).toBe('message.complete')
  expect(await readHolder(fleet, session_id)).toMatchObject({machine: 'box', epoch: 2})
})

test('such a host ends when it finds that another machine has taken the session over meanwhile', async () => {
  const servers = await startCluster()
  const fleet = await openTestFleet(servers)
  const machine = createMachine(servers, 'box')
  const first = await openSession(machine)
  first.host.child.kill('SIGKILL')
  await first.host.exited
  await Promise.all(servers.map((server) => server.kill('SIGSTOP')))
  const {host, client} = await machine.startHost(first.sessionId).then(async (started) => ({
    host: started,
    client: await started.connect(),
  }))
  await Promise.all(servers.map((server) => server.kill('SIGCONT')))
  // Whoever is first wins: this machine, or the other one, which then replaces it.
  await expect.poll(() => machine.crashLog().filter(({event}) => event === 'claimed').length === 2).toBe(true)
  await win(fleet, first.sessionId, {machine: 'other', replaces: 2})
  // Its machine has it look at each sweep: of a claim, it may hear nothing while the servers find each other again.
  host.child.kill('SIGCONT')
  await client.closed
  expect(await host.exited).toEqual([0, null])
  expect(machine.crashLog().map(({event}) => event)).toContain('fenced')
})

test('without the cluster, a new session is refused, and so is one that this machine has not held', async () => {
  const server = await startServer()
  const machine = createMachine([server], 'box')
  const elsewhere = createMachine([server], 'lone')
  await openTestFleet([server])
  const {sessionId, host} = await openSession(elsewhere)
  host.child.kill('SIGTERM')
  await host.exited
  await server.kill('SIGKILL')

  const fresh = await machine.startHost(createSessionId())
  const client = await fresh.connect()
  await expect(client.request('session.create', {cwd: '/'})).rejects.toThrow(
    'The cluster of the fleet is needed for a new session: ',
  )
  expect(await fresh.exited).toEqual([0, null])

  mkdirSync(`${machine.home}/sessions`, {recursive: true})
  renameSync(`${elsewhere.home}/sessions/${sessionId}.db`, `${machine.home}/sessions/${sessionId}.db`)
  const stranger = await machine.startHost(sessionId)
  expect(await stranger.exited).toEqual([1, null])
  expect(await stranger.stderr).toContain(`The cluster of the fleet is needed to run session ${sessionId}`)
})
