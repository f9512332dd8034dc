import {expect, test} from 'vitest'

import {createQueueActions} from '../../../src/app/composer/queue-actions.ts'
import {idleSession} from '../../fixtures/idle-session.ts'

interface Queue {
  /** A prompt that runs already, although the queue still lists it. */
  begun?: string
  held?: readonly string[]
}

/** Actions for a queue of prompts. */
function actionsFor(queue: readonly string[] | undefined, {begun, held = []}: Queue = {}) {
  const waiting = queue?.map((prompt_id) => ({
    prompt_id,
    text: `make ${prompt_id}`,
    ...(held.includes(prompt_id) && {held: true}),
  }))
  const yes = () => Promise.resolve(true)
  const withdraw = (id: string) => Promise.resolve(id !== begun)
  const state = idleSession({queue: waiting ?? []})
  const session = {state, withdraw, promote: withdraw, interrupt: yes, continueQueue: yes}
  let notice: string | undefined
  const actions = createQueueActions({
    session: () => (queue === undefined ? undefined : session),
    setNotice: (text) => (notice = text),
    reportError: (error) => expect.fail(String(error)),
  })
  return {actions, notice: () => notice}
}

/** Removes `a` from a queue. */
async function withdrawFrom(queue: readonly string[] | undefined, options: Queue = {}) {
  const {actions, notice} = actionsFor(queue, options)
  return {text: await actions.withdraw('a'), notice: notice()}
}

const running = {text: undefined, notice: 'The prompt is already running: Ctrl-C interrupts it'}

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

test('only the prompts that are held are dropped, and their texts returned', async () => {
  expect(await actionsFor(['a', 'b', 'c'], {held: ['a', 'c']}).actions.drop()).toEqual(['make a', 'make c'])
  expect(await actionsFor(['a', 'b'], {held: ['a', 'b'], begun: 'a'}).actions.drop()).toEqual(['make b'])
  expect(await actionsFor(undefined).actions.drop()).toEqual([])
})
