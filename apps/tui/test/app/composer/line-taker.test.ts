import type {ClientSession} from '@holdfast/client'
import {expect, test} from 'vitest'

import {createLineTaker} from '../../../src/app/composer/line-taker.ts'
import type {SlashCommandContext} from '../../../src/slash-commands/slash-command.ts'
import {createScreenModel} from '../../../src/ui/screen-model.ts'

test.each([
  ['before the session is open, has its condition', undefined, undefined, 5],
  ['while another session is open, has the condition of the next', {hiddenAt: 9, state: {}}, 9, 5],
  ['in the open session, has the condition of its first key', 'opened', 3, 3],
] as const)('a prompt that is submitted %s', async (_, before, hiddenAt, sent) => {
  const submitted: unknown[] = []
  const opened = {
    hiddenAt: 5,
    state: {},
    submit: (...submission: unknown[]) => Promise.resolve(submitted.push(submission)),
  } as unknown as ClientSession
  const takeLine = createLineTaker({
    context: {
      model: createScreenModel({size: {cols: 80, rows: 24}, depth: 1}),
      commands: [],
      session: () => (before === 'opened' ? opened : before),
      opened: () => Promise.resolve(opened),
    } as unknown as SlashCommandContext,
    hiddenAt: () => hiddenAt,
    isReadOnly: () => false,
    onPrompt: () => {},
    forget: () => {},
    restore: () => {},
    holdOnFailure: true,
  })
  await takeLine('make')
  expect(submitted).toEqual([['make', expect.objectContaining({hiddenAt: sent, ifInput: 'none'})]])
})

test('a client that may only look keeps the text, says why, and sends nothing', async () => {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 1})
  const restored: string[] = []
  const never = () => expect.fail('Nothing must be sent')
  const takeLine = createLineTaker({
    context: {model, commands: [], session: () => undefined, opened: never} as unknown as SlashCommandContext,
    hiddenAt: never,
    isReadOnly: () => true,
    onPrompt: never,
    forget: never,
    restore: (text) => restored.push(text),
    holdOnFailure: true,
  })
  await takeLine('make')
  expect(restored).toEqual(['make'])
  expect(model.snapshot.notice).toBe('Read-only: to type here, connect with a credential that is not read-only')
})
