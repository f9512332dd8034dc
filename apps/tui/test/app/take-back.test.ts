import {expect, test} from 'vitest'

import {createTakeBack} from '../../src/app/take-back.ts'
import {idleSession} from '../fixtures/idle-session.ts'

/** A session in whose queue these wait. `begun`: what has begun, and nobody was told yet. */
function sessionWith(queue: readonly string[], {begun}: {begun?: string} = {}) {
  const state = idleSession({queue: queue.map((prompt_id) => ({prompt_id, text: `make ${prompt_id}`}))})
  return {state, withdraw: (id: string) => Promise.resolve(id !== begun)}
}

test('a queued prompt is removed, and its text returned once it cannot run any more', async () => {
  const takeBack = createTakeBack(() => sessionWith(['a', 'b']))
  expect(await takeBack('a')).toBe('make a')
})

test('a running prompt is not removed', async () => {
  expect(await createTakeBack(() => sessionWith(['a'], {begun: 'a'}))('a')).toBeUndefined()
})

test('returns nothing for an unknown prompt or without a session', async () => {
  expect(await createTakeBack(() => sessionWith([]))('a')).toBeUndefined()
  expect(await createTakeBack(() => undefined)('a')).toBeUndefined()
})
