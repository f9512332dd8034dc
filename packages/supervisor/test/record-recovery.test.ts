import {expect, test} from 'vitest'
import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'
import {recordRecovery} from '@holdfast/supervisor'

import {supervise} from '../src/supervise.ts'
import {createClock, settle} from './fixtures/clock.ts'
import {createLines, type LineStart} from './fixtures/lines.ts'

function keepRecorded() {
  const recorded: [string, object][] = []
  const breadcrumbs: Breadcrumbs = {
    ...noBreadcrumbs,
    record: (what, facts) => recorded.push([what, JSON.parse(JSON.stringify(facts)) as object]),
  }
  const [clock, lines] = [createClock(), createLines()]
  const onStatus = recordRecovery(breadcrumbs, 'gateway')
  const supervisor = supervise({start: lines.start, now: clock.now, wait: clock.wait, onStatus})
  const at = (index: number): LineStart => lines.starts[index] ?? expect.fail(`Expected ${index + 1} starts`)
  return {supervisor, clock, at, recorded}
}

test('a first start is no recovery; a death is, with its plan and what came of it', async () => {
  const {supervisor, at, recorded} = keepRecorded()
  void supervisor.current()
  await settle()
  at(0).open()
  await settle()
  expect(recorded).toEqual([])
  at(0).die({by: 'peer', message: 'secret words', code: 1} as unknown as string)
  await settle()
  at(1).open()
  await settle()
  expect(recorded).toEqual([
    ['recovering', {of: 'gateway', attempt: 1, max: 3, by: 'peer', code: 1}],
    ['recovered', {of: 'gateway', gen: 2}],
  ])
})

test('giving up, a retry and a requested restart are recorded', async () => {
  const {supervisor, clock, at, recorded} = keepRecorded()
  supervisor.current().catch(() => {})
  await settle()
  for (const [index, delayMs] of [0, 500, 2000, 0].entries()) {
    at(index).fail(new TypeError('secret words'))
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
  expect(recorded.map(([what]) => what)).toEqual([
    'recovering',
    'recovering',
    'recovering',
    'gave-up',
    'restarting',
    'recovered',
    'restarting',
    'recovered',
  ])
  expect(recorded[3]?.[1]).toMatchObject({of: 'gateway', reason: 'budget', attempts: 3, error: 'TypeError'})
  expect(JSON.stringify(recorded)).not.toContain('secret')
})
