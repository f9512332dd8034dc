import {expect, test} from 'vitest'
import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'
import {recordRecovery} from '@holdfast/supervisor'

import {supervise} from '../src/supervise.ts'
import {createClock, settle} from './fixtures/clock.ts'
import {type ConnectionStart, createConnections} from './fixtures/connections.ts'

function superviseRecorded() {
  const recorded: [string, object][] = []
  const breadcrumbs: Breadcrumbs = {
    ...noBreadcrumbs,
    record: (event, facts) => recorded.push([event, JSON.parse(JSON.stringify(facts)) as object]),
  }
  const [clock, connections] = [createClock(), createConnections()]
  const onStatus = recordRecovery(breadcrumbs, 'gateway')
  const supervisor = supervise({start: connections.start, now: clock.now, wait: clock.wait, onStatus})
  const at = (index: number): ConnectionStart =>
    connections.starts[index] ?? expect.fail(`Expected ${index + 1} starts`)
  return {supervisor, clock, at, recorded}
}

test('records the recovery after a loss, and nothing of the first start', async () => {
  const {supervisor, at, recorded} = superviseRecorded()
  void supervisor.current()
  await settle()
  at(0).open()
  await settle()
  expect(recorded).toEqual([])
  at(0).lose({by: 'peer', message: 'secret text', code: 1} as unknown as string)
  await settle()
  at(1).open()
  await settle()
  expect(recorded).toEqual([
    ['recovering', {peer: 'gateway', attempt: 1, of: 3, by: 'peer', code: 1}],
    ['recovered', {peer: 'gateway', generation: 2}],
  ])
})

test('records giving up, a retry and a requested restart', async () => {
  const {supervisor, clock, at, recorded} = superviseRecorded()
  supervisor.current().catch(() => {})
  await settle()
  for (const [index, delayMs] of [0, 500, 2000, 0].entries()) {
    at(index).fail(new TypeError('secret text'))
    await clock.advance(delayMs)
  }
  supervisor.retry()
  await settle()
  at(4).open()
  await settle()
  supervisor.restart('asked to')
  await settle()
  at(5).open()
  await settle()
  await supervisor.close('done')
  expect(recorded.map(([event]) => event)).toEqual([
    'recovering',
    'recovering',
    'recovering',
    'gave-up',
    'restarting',
    'recovered',
    'restarting',
    'recovered',
  ])
  expect(recorded[3]?.[1]).toMatchObject({peer: 'gateway', reason: 'budget', attempts: 3, error: 'TypeError'})
  expect(JSON.stringify(recorded)).not.toContain('secret')
})
