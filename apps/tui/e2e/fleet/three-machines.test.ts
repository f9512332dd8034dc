import {existsSync, readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {expectWhole} from '../support/expect-whole.ts'
import {startFleet, type FleetMachine, type TestFleet} from '../support/fleet.ts'
import type {HoldfastResult} from '../support/home.ts'
import {waitForExit} from '../support/processes.ts'
import {until} from '../support/until.ts'

const timeoutMs = 60_000

function open(promise: 'local' | 'replicated'): Promise<TestFleet> {
  return startFleet({program: need('nats-server'), promise})
}

/** Creates a session on the machine, in whose project folder its commands run. */
async function createOn({home, options}: FleetMachine): Promise<string> {
  const {stdout, stderr} = await home.holdfast(['new', ...options, '--cwd', home.project])
  expect(stderr).toBe('')
  return stdout.trim()
}

/** A client that is no machine, and its commands. */
function clientOf(fleet: TestFleet) {
  const {home, options} = fleet.addClient()
  const run = (id: string, command: string): Promise<HoldfastResult> =>
    home.holdfast(['run', ...options, '--session', id, '--', command])
  return {
    home,
    options,
    run,
    show: async (id: string) => (await home.holdfast(['show', ...options, id])).stdout,
    /** Runs a command as soon as a machine takes it. */
    runWhenTaken: (id: string, command: string) =>
      until(async () => ((await run(id, command)).exitCode === 0 ? true : undefined), {
        what: `${command} to be taken`,
        timeoutMs,
      }),
  }
}

test('a machine that is killed loses its sessions to another one: the run is interrupted, the next prompt runs', async () => {
  await using fleet = await open('replicated')
  const [first, ...others] = fleet.machines as [FleetMachine, ...FleetMachine[]]
  const client = clientOf(fleet)
  const id = await createOn(first)
  expect(await client.run(id, 'echo before')).toMatchObject({stdout: 'before\n', exitCode: 0})
  // Created on one machine, watched from another one.
  const watched = others[0]!.home.startHoldfast([
    'run',
    ...others[0]!.options,
    '--session',
    id,
    '--',
    'echo runs; sleep 600',
  ])
  await until(() => watched.stdout.includes('runs\n'), {what: 'the running command'})

  await first.kill()

  expect(await watched.ended).toMatchObject({exitCode: expect.not.toSatisfy((code) => code === 0) as number})
  await client.runWhenTaken(id, 'echo after')
  const shown = await client.show(id)
  expect(shown).toContain('before')
  expect(shown).toContain('after')
  expect(shown).toContain('interrupted: its machine is gone')
  await expectWhole(client.home, client.options, id)
}, 120_000)

test('sessions go on after a server is killed, also the one that leads', async () => {
  await using fleet = await open('replicated')
  const client = clientOf(fleet)
  const id = await createOn(fleet.machines[0]!)
  for (const server of fleet.servers) {
    await server.kill('SIGKILL')
    await client.runWhenTaken(id, `echo without ${server.name}`)
    await server.start()
  }
  const shown = await client.show(id)
  for (const {name} of fleet.servers) expect(shown).toContain(`without ${name}`)
  await expectWhole(client.home, client.options, id)
}, 180_000)

test('local: while the cluster is away, a session runs on where it is; afterwards everybody sees what happened', async () => {
  await using fleet = await open('local')
  const [machine] = fleet.machines as [FleetMachine]
  const client = clientOf(fleet)
  const id = await createOn(machine)
  await Promise.all(fleet.servers.map((server) => server.kill('SIGKILL')))

  const run = await machine.home.holdfast(['run', '--session', id, '--', 'echo alone'])
  expect(run).toMatchObject({stdout: 'alone\n', exitCode: 0})

  await Promise.all(fleet.servers.map((server) => server.start()))
  await until(async () => (await client.show(id)).includes('echo alone'), {what: 'what happened meanwhile', timeoutMs})
  await client.runWhenTaken(id, 'echo together')
  await expectWhole(client.home, client.options, id)
}, 180_000)

test('replicated: while the cluster is away, a prompt neither runs nor shows; it runs once, when the cluster is back', async () => {
  await using fleet = await open('replicated')
  const [machine] = fleet.machines as [FleetMachine]
  const id = await createOn(machine)
  const {home} = machine
  expect(await home.holdfast(['run', '--session', id, '--', 'echo before'])).toMatchObject({exitCode: 0})
  await Promise.all(fleet.servers.map((server) => server.kill('SIGKILL')))

  const waiting = home.startHoldfast(['run', '--session', id, '--', 'echo run >> effects; echo over'])
  await until(() => waiting.stderr.includes('cluster'), {what: 'why it waits', timeoutMs})
  expect(waiting.stdout).toBe('')
  expect(existsSync(`${home.project}/effects`)).toBe(false)

  await Promise.all(fleet.servers.map((server) => server.start()))
  expect(await waiting.ended).toMatchObject({stdout: 'over\n', exitCode: 0})
  expect(readFileSync(`${home.project}/effects`, 'utf8')).toBe('run\n')
}, 180_000)

test('replicated: a machine behind a partition runs nothing more; the session goes on elsewhere, with one writer', async () => {
  await using fleet = await open('replicated')
  const [machine] = fleet.machines as [FleetMachine]
  const {home} = machine
  const client = clientOf(fleet)
  const id = await createOn(machine)
  const host = await home.process('host')
  expect(await client.run(id, 'echo before')).toMatchObject({exitCode: 0})

  for (const line of machine.lines) line.freeze()
  const alone = home.startHoldfast(['run', '--session', id, '--', 'echo alone >> effects'])
  await client.runWhenTaken(id, 'echo elsewhere >> effects')
  expect(readFileSync(`${home.project}/effects`, 'utf8')).toBe('elsewhere\n')

  for (const line of machine.lines) line.mend()
  await waitForExit(host, {timeoutMs})
  alone.child.kill('SIGTERM')
  await alone.ended
  await client.runWhenTaken(id, 'echo afterwards')
  await expectWhole(client.home, client.options, id)
}, 180_000)

test('local: a machine that comes back after it lost a session names what nobody else has', async () => {
  await using fleet = await open('local')
  const [machine] = fleet.machines as [FleetMachine]
  const {home} = machine
  const client = clientOf(fleet)
  const id = await createOn(machine)
  expect(await client.run(id, 'echo sent')).toMatchObject({exitCode: 0})
  for (const line of machine.lines) line.freeze()
  expect(await home.holdfast(['run', '--session', id, '--', 'echo never sent'])).toMatchObject({exitCode: 0})
  await machine.kill()
  // What was still on its way is lost.
  for (const line of machine.lines) {
    line.cut()
    line.mend()
  }
  await client.runWhenTaken(id, 'echo goes on')

  await machine.start()
  const unshipped = async () => (await home.holdfast(['fleet', 'unshipped', id])).stdout
  await until(async () => (await unshipped()).includes('never sent'), {what: 'what was not sent', timeoutMs})
  expect(await client.show(id)).not.toContain('never sent')
  await expectWhole(client.home, client.options, id)
}, 180_000)
