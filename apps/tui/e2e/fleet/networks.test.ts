import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'

import {expect, test} from 'vitest'

import {createServers} from '../../../../packages/fleet/test/fixtures/nats-servers.ts'
import {need} from '../../../../tooling/vitest/need.ts'
import {openBadLine} from '../support/bad-line.ts'
import {expectWhole} from '../support/expect-whole.ts'
import {killAll} from '../support/fleet.ts'
import {createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {waitForExit} from '../support/processes.ts'
import {until} from '../support/until.ts'

const timeoutMs = 90_000

/**
 * Two networks, and a line between them that loses packets: three servers and machine `there` in the one, machine `here` and nothing else
 * in the other.
 */
async function openNetworks(promise: 'local' | 'replicated') {
  await using stack = new AsyncDisposableStack()
  const line = stack.use(await openBadLine())
  const folder = mkdtempSync('/tmp/hf-nats-')
  const launcher = line.at('far', ['env'])
  const servers = createServers({
    program: need('nats-server'),
    folder,
    count: 3,
    network: {launcher, address: line.farAddress},
  })
  stack.defer(async () => {
    await Promise.all(servers.map((server) => server.kill('SIGKILL')))
    rmSync(folder, {recursive: true})
  })
  await Promise.all(servers.map((server) => server.start()))
  const fleet = ['--fleet', servers.map(({url}) => url).join(',')]

  const startMachine = async (end: 'near' | 'far', name: string): Promise<Home> => {
    const home = createHome({launcher: line.at(end, ['env', '-C'])})
    stack.defer(async () => {
      await killAll(home)
      rmSync(dirname(home.user), {recursive: true, force: true})
    })
    const args = [...fleet, '--name', name, '--promise', promise, '--lease', '3']
    await startServer(home, {ownToken: true, args})
    const isReady = async () => (await home.holdfast(['fleet', 'status'])).stdout.includes('ready')
    await until(isReady, {what: `machine ${name} in the fleet`, timeoutMs})
    return home
  }
  const [there, here] = [await startMachine('far', 'there'), await startMachine('near', 'here')]
  const id = (await here.holdfast(['new', '--cwd', here.project])).stdout.trim()
  const owned = stack.move()
  return {
    line,
    here,
    id,
    host: await here.process('host'),
    effects: () => readFileSync(`${here.project}/effects`, 'utf8'),
    runHere: (command: string) => here.holdfast(['run', '--session', id, '--', command]),
    startHere: (command: string) => here.startHoldfast(['run', '--session', id, '--', command]),
    runThere: (command: string) =>
      until(
        async () =>
          (await there.holdfast(['run', ...fleet, '--session', id, '--', command])).exitCode === 0 || undefined,
        {what: `${command} to be taken`, timeoutMs},
      ),
    expectWhole: () => expectWhole(there, fleet, id),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

test('replicated: over a slow line that loses packets, and after one that lost all of them, a session has one writer', async () => {
  need('networks')
  await using networks = await openNetworks('replicated')
  const {line, runHere, startHere, runThere, effects, host} = networks
  await line.set({delayMs: 100, loss: 0.01})
  expect(await runHere('echo slow >> effects')).toMatchObject({exitCode: 0})

  await line.set({delayMs: 0, loss: 1})
  const alone = startHere('echo alone >> effects')
  await runThere('echo elsewhere >> effects')
  expect(effects()).toBe('slow\nelsewhere\n')

  await line.set({loss: 0})
  await waitForExit(host, {timeoutMs})
  alone.child.kill('SIGTERM')
  await alone.ended
  await runThere('echo afterwards >> effects')
  expect(effects()).toMatch(/^slow\nelsewhere\n(alone\n)?afterwards\n(alone\n)?$/)
  await networks.expectWhole()
}, 240_000)

test('local: a machine that the line has cut off goes on, and names afterwards what it had not sent', async () => {
  need('networks')
  await using networks = await openNetworks('local')
  const {line, here, id, runHere, runThere, host} = networks
  expect(await runHere('echo sent')).toMatchObject({exitCode: 0})
  await line.set({loss: 1})
  expect(await runHere('echo never sent')).toMatchObject({exitCode: 0})
  await runThere('echo elsewhere')

  await line.set({loss: 0})
  await waitForExit(host, {timeoutMs})
  const unshipped = async () => (await here.holdfast(['fleet', 'unshipped', id])).stdout.includes('never sent')
  await until(unshipped, {what: 'what was not sent', timeoutMs})
  await networks.expectWhole()
}, 240_000)
