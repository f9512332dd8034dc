import {expect, test} from 'vitest'
import {createLiveness} from '@holdfast/recovery'

/** Looks as often as it asks to, from 0 on; when the peer is heard, `heardUntil` has not passed. */
function watch(untilMs: number, heardUntil: number, stall?: {at: number; ms: number}) {
  const liveness = createLiveness(0)
  const verdicts: string[] = []
  for (let now = liveness.lookMs; now <= untilMs; now += liveness.lookMs) {
    if (stall && now === stall.at) now += stall.ms
    const verdict = liveness.look(now, now <= heardUntil)
    if (verdict !== 'wait') verdicts.push(`${verdict} at ${now / 1000}`)
    if (verdict === 'gone') break
  }
  return verdicts
}

test('asks every 15 s, also a peer that speaks', () => {
  expect(watch(60_000, Infinity)).toEqual(['ping at 15', 'ping at 30', 'ping at 45', 'ping at 60'])
})

test('a peer that is silent for 45 s is gone', () => {
  expect(watch(120_000, 0)).toEqual(['ping at 15', 'ping at 30', 'gone at 45'])
  expect(watch(120_000, 20_000).at(-1)).toBe('gone at 65')
})

test('any bytes are a sign of life', () => {
  expect(watch(200_000, 100_000).at(-1)).toBe('gone at 145')
})

test('time in which this process stood still is not held against the peer', () => {
  expect(watch(700_000, 10_000, {at: 20_000, ms: 600_000}).at(-1)).toBe('gone at 650')
})

test('what was heard at the first look after standing still counts', () => {
  expect(watch(690_000, 700_000, {at: 20_000, ms: 600_000}).filter((verdict) => verdict.startsWith('gone'))).toEqual([])
})
