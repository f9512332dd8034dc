import type {LoggedEvent} from '@holdfast/protocol'
import {beforeEach, expect, test} from 'vitest'

import {createUnfinishedPrompts, type UnfinishedPrompts} from '../../../src/app/composer/unfinished-prompts.ts'

let answer: Promise<boolean>
let events: unknown[]
let prompts: UnfinishedPrompts
let isLive: boolean

beforeEach(() => {
  events = []
  isLive = true
  answer = Promise.resolve(true)
  prompts = createUnfinishedPrompts({
    session: () => ({
      status: isLive ? {kind: 'live'} : {kind: 'unresponsive', reason: 'x'},
      isIncomplete: (text) => {
        events.push(['asked', text])
        return answer
      },
    }),
    restore: (text) => events.push(['restore', text]),
    setNotice: (notice) => events.push(['notice', notice]),
  })
})

const complete = (promptId: string, reason?: string): LoggedEvent => ({
  type: 'message.complete',
  session_id: '0123456789',
  seq: 1,
  at: 0,
  payload: {prompt_id: promptId, status: 'failed', reason},
})

test('the host is asked only about texts that may be unfinished, while it can be reached', async () => {
  expect(prompts.isIncomplete('make test')).toBe(false)
  expect(prompts.isIncomplete('/title "a')).toBe(false)
  isLive = false
  expect(prompts.isIncomplete('echo "')).toBe(false)
  expect(events).toEqual([])
  isLive = true
  expect(await prompts.isIncomplete('echo "')).toBe(true)
  answer = Promise.reject(new Error('gone'))
  expect(await prompts.isIncomplete('echo "')).toBe(false)
})

test('a host that does not answer soon does not keep the text', async () => {
  answer = new Promise(() => undefined)
  expect(await prompts.isIncomplete('echo "')).toBe(false)
})

test('a prompt of the user that was unfinished when it ran comes back once; others do not', () => {
  prompts.submitted('a', 'echo "')
  prompts.submitted('b', 'false')
  for (const event of [complete('a', 'incomplete-input'), complete('a', 'incomplete-input')]) prompts.takeEvent(event)
  for (const event of [complete('b'), complete('c', 'incomplete-input')]) prompts.takeEvent(event)
  expect(events).toEqual([
    ['notice', 'The command is unfinished: nothing of it has run'],
    ['restore', 'echo "'],
  ])
})
