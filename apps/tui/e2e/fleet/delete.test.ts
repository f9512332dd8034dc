import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {startMachine, startNats} from '../support/nats.ts'
import {waitForExit} from '../support/processes.ts'
import {until} from '../support/until.ts'

test.each([
  ['delete', (ids: string[]) => ['delete', ...ids]],
  ['prune', () => ['prune', '--older-than', '0d', '--yes']],
] as const)('on a machine, %s without --fleet deletes sessions in the fleet, too', async (_, argsFor) => {
  await using nats = await startNats()
  await using home = createHome()
  await using machine = await startMachine(home, 'box', nats)
  const show = (id: string) => home.holdfast(['show', id, '--fleet', nats.url])
  const created = async () => (await home.holdfast(['new'])).stdout.trim()
  const [closed, stopped] = [await created(), await created()]
  expect(await home.holdfast(['close', closed])).toMatchObject({exitCode: 0})
  const hosts = () => home.processes().filter(({role}) => role === 'host')
  // The host of the closed session ends by itself.
  await until(() => hosts().length === 1, {what: 'the host of the closed session to end'})
  const [host] = hosts()
  process.kill(host!.pid, 'SIGTERM')
  await waitForExit(host!)
  for (const id of [closed, stopped]) expect(await show(id)).toMatchObject({exitCode: 0})
  expect(await home.holdfast(argsFor([closed, stopped]))).toMatchObject({exitCode: 0, stderr: ''})
  for (const id of [closed, stopped]) expect(await show(id)).toMatchObject({stdout: '', exitCode: 3})
  expect(machine.running.stderr).toBe('')
})
