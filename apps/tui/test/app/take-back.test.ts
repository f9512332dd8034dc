import {expect, test} from 'vitest'

import {createTakeBack} from '../../src/app/take-back.ts'
import {idleSession} from '../fixtures/idle-session.ts'

/** A session in whose queue these wait. `begun`: what has begun, and nobody was told yet. */
function sessionWith(queue: readonly string[], {begun}: {begun?: string} = {}) {
  const state = idleSession({queue: queue.map((prompt_id) => ({prompt_id, text: `make ${prompt_id}`}))})
  return {state, withdraw: (id: string) => Promise.resolve(id !== begun)}
}

test('one that waits is taken back: its text comes, once it is known that it will not run', async () => {
  const takeBack = createTakeBack(() => sessionWith(['a', 'b']))
  expect(await takeBack('a')).toBe('make a')
})

test('one that has begun is not taken back', async () => {
  expect(await createTakeBack(() => sessionWith(['a'], {begun: 'a'}))('a')).toBeUndefined()
})

test('there is nothing to take where it does not wait, or no session is open', async () => {
  expect(await createTakeBack(() => sessionWith([]))('a')).toBeUndefined()
  expect(await createTakeBack(() => undefined)('a')).toBeUndefined()
})
