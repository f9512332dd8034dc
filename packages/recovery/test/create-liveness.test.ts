import {expect, test} from 'vitest'
import {createLiveness} from '@holdfast/recovery'

/** Checks as often as it should, from 0 on, a peer that is responsive until `responsiveUntil`. */
function watch(untilMs: number, responsiveUntil: number, stall?: {at: number; ms: number}) {
  const liveness = createLiveness(0)
  const actions: string[] = []
  for (let now = liveness.checkEveryMs; now <= untilMs; now += liveness.checkEveryMs) {
    if (stall && now === stall.at) now += stall.ms
    const action = liveness.check(now, now <= responsiveUntil)
    if (action !== 'wait') actions.push(`${action} at ${now / 1000}`)
    if (action === 'gone') break
  }
  return actions
}

test('pings every 15 s, also a peer that sends', () => {
  expect(watch(60_000, Infinity)).toEqual(['ping at 15', 'ping at 30', 'ping at 45', 'ping at 60'])
})

test('a peer that sends nothing for 45 s is gone', () => {
  expect(watch(120_000, 0)).toEqual(['ping at 15', 'ping at 30', 'gone at 45'])
  expect(watch(120_000, 20_000).at(-1)).toBe('gone at 65')
})

test('any byte is a heartbeat', () => {
  expect(watch(200_000, 100_000).at(-1)).toBe('gone at 145')
})

test('time in which this process stood still does not count', () => {
  expect(watch(700_000, 10_000, {at: 20_000, ms: 600_000}).at(-1)).toBe('gone at 650')
})

test('bytes that are found at the first check after standing still count', () => {
  expect(watch(690_000, 700_000, {at: 20_000, ms: 600_000}).filter((action) => action.startsWith('gone'))).toEqual([])
})
