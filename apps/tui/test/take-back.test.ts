import type {SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createTakeBack} from '../src/commands/take-back.ts'

/** A session in whose queue these wait. `begun`: what has begun, and nobody was told yet. */
function sessionWith(queue: readonly string[], {begun}: {begun?: string} = {}) {
  const info = {title: 'one', agent: 'shell', cwd: '/', created_at: 0}
  const state: SessionState = {
    session_id: '0123456789',
    info,
    updated_at: 0,
    running: null,
    queue: queue.map((prompt_id) => ({prompt_id, text: `make ${prompt_id}`})),
    draft: '',
    approvals: [],
    closed: null,
  }
  return {state, withdraw: (id: string) => Promise.resolve(id !== begun)}
}

test('the last that waits is taken back first', async () => {
  const takeBack = createTakeBack(() => sessionWith(['a', 'b']))
  expect(await takeBack()).toBe('make b')
})

test('none is taken twice, even while the event that tells of it is on its way', async () => {
  const session = sessionWith(['a', 'b'])
  const takeBack = createTakeBack(() => session)
  await takeBack()
  expect(await takeBack()).toBe('make a')
  expect(takeBack()).toBeUndefined()
})

test('one that has begun is not taken back', async () => {
  const takeBack = createTakeBack(() => sessionWith(['a'], {begun: 'a'}))
  const taking = takeBack()
  expect(taking).toBeInstanceOf(Promise)
  expect(await taking).toBeUndefined()
})

test('there is nothing to take where none waits, or no session is open', () => {
  expect(createTakeBack(() => sessionWith([]))()).toBeUndefined()
  expect(createTakeBack(() => undefined)()).toBeUndefined()
})
