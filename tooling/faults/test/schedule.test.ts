import {expect, test} from 'vitest'

import {createRandom} from '../random.ts'
import {planKills, planPrompt, victims} from '../schedule.ts'

test('the same seed gives the same kills and prompts, another seed others', () => {
  const plan = (seed: number) => {
    const random = createRandom(seed)
    return [planKills(random, 20), planPrompt(random, 1)]
  }
  expect(plan(7)).toEqual(plan(7))
  expect(plan(7)).not.toEqual(plan(8))
})

test('every kind of process is killed, some in the middle of a recovery', () => {
  const kills = planKills(createRandom(1), 20)
  expect(new Set(kills.map(({victim}) => victim))).toEqual(new Set(victims))
  expect(kills.some(({afterEvents}) => afterEvents === 0)).toBe(true)
})

test('random numbers stay within their bounds and reach both', () => {
  const random = createRandom(3)
  const drawn = Array.from({length: 1000}, () => random.integer(2, 5))
  expect(new Set(drawn)).toEqual(new Set([2, 3, 4, 5]))
})
