import {expect, test} from 'vitest'
import {type LifeEvent, planRecovery, type RecoveryOptions, trimHistory} from '@holdfast/recovery'

import {createRandom} from './fixtures/random.ts'

const options: RecoveryOptions = {maxRestarts: 3, windowMs: 1000, healthyMs: 700, delaysMs: [0, 10, 40]}

test('a trimmed history gives every plan that the whole one gives, now and after any future', () => {
  const random = createRandom(2)
  for (let round = 0; round < 2000; round += 1) {
    const whole: LifeEvent[] = []
    let trimmed: LifeEvent[] = []
    let now = 0
    for (let step = 0; step < 25; step += 1) {
      now += random.below(400)
      const event = anyEvent(random, now)
      whole.push(event)
      trimmed = trimHistory([...trimmed, event], now, options)
      const later = now + random.below(1500)
      expect(planRecovery(trimmed, later, options), JSON.stringify(whole)).toEqual(planRecovery(whole, later, options))
    }
  }
})

test('a history stays small however often it is restarted', () => {
  let history: LifeEvent[] = []
  let longest = 0
  for (let at = 0; at < 100_000; at += 100) {
    const requested = planRecovery(history, at, options).kind === 'give-up'
    for (const event of [
      {kind: 'end', at, requested},
      {kind: 'start', at},
      {kind: 'ready', at},
    ] as const) {
      history = trimHistory([...history, event], at, options)
      longest = Math.max(longest, history.length)
    }
  }
  expect(longest).toBeLessThanOrEqual(2 * 3 + 2)
})

test('what has left the window is let go', () => {
  const history: LifeEvent[] = [
    {kind: 'end', at: 0},
    {kind: 'start', at: 0},
    {kind: 'ready', at: 1},
  ]
  expect(trimHistory(history, 2, options)).toEqual(history)
  expect(trimHistory(history, 1000, options)).toEqual([{kind: 'ready', at: 1}])
})

function anyEvent(random: {below(bound: number): number}, at: number): LifeEvent {
  switch (random.below(8)) {
    case 0:
    case 1:
      return {kind: 'start', at}
    case 2:
    case 3:
      return {kind: 'ready', at}
    case 4:
      return {kind: 'end', at, requested: true}
    case 5:
      return random.below(3) ? {kind: 'end', at} : {kind: 'end', at, startable: false}
    case 6:
      return random.below(4) ? {kind: 'end', at} : {kind: 'retry', at}
    default:
      return {kind: 'end', at}
  }
}
