import {expect, test} from 'vitest'

import {createQueueActions} from '../../src/app/queue-actions.ts'
import {idleSession} from '../fixtures/idle-session.ts'

/** Removes `a` from a queue. `begun`: a prompt that runs already, although the queue still lists it. */
async function withdrawFrom(queue: readonly string[] | undefined, {begun}: {begun?: string} = {}) {
  const state = idleSession({queue: queue?.map((prompt_id) => ({prompt_id, text: `make ${prompt_id}`})) ?? []})
  const withdraw = (id: string) => Promise.resolve(id !== begun)
  const session = {state, withdraw, promote: withdraw, interrupt: () => Promise.resolve(true)}
  let notice: string | undefined
  const actions = createQueueActions({
    session: () => (queue === undefined ? undefined : session),
    setNotice: (text) => (notice = text),
    reportError: (error) => expect.fail(String(error)),
  })
  return {text: await actions.withdraw('a'), notice}
}

const running = {text: undefined, notice: 'It is already running: Ctrl-C interrupts it'}

test('a queued prompt is removed, and its text returned once it cannot run any more', async () => {
  expect(await withdrawFrom(['a', 'b'])).toEqual({text: 'make a', notice: undefined})
})

test('a running prompt is not removed', async () => {
  expect(await withdrawFrom(['a'], {begun: 'a'})).toEqual(running)
})

test('returns nothing for an unknown prompt or without a session', async () => {
  expect(await withdrawFrom([])).toEqual(running)
  expect(await withdrawFrom(undefined)).toEqual(running)
})
