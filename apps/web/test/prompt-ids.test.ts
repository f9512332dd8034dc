import {expect, test} from 'vitest'

import {createPromptIds} from '../src/composer/prompt-ids.ts'

const lost = {kind: 'refused', why: 'the connection was lost', isSecret: false, mayHaveArrived: true} as const
const refused = {kind: 'refused', why: 'the queue is full', isSecret: false, mayHaveArrived: false} as const

function ids() {
  let made = 0
  return createPromptIds({create: () => `p${++made}`})
}

test('a text of which nobody knows whether it has arrived is sent again with its id', () => {
  const prompts = ids()
  expect(prompts.idOf('make')).toBe('p1')
  prompts.settled('make', 'p1', lost)
  expect(prompts.idOf('make')).toBe('p1')
  prompts.settled('make', 'p1', lost)
  expect(prompts.idOf('make')).toBe('p1')
})

test.each([{kind: 'sent'} as const, refused])('after $kind, the same text is a new prompt', (how) => {
  const prompts = ids()
  expect(prompts.idOf('make')).toBe('p1')
  prompts.settled('make', 'p1', lost)
  prompts.settled('make', 'p1', how)
  expect(prompts.idOf('make')).toBe('p2')
})

test('a text whose answer is still missing has the same id for the next composer', () => {
  const promptId = ids().idOf('make')
  const next = createPromptIds({unsure: {text: 'make', promptId}, create: () => 'other'})
  expect(next.idOf('make')).toBe(promptId)
  expect(next.idOf('make all')).toBe('other')
})

test('a text that was changed after it may have arrived is a new prompt', () => {
  const prompts = ids()
  prompts.settled('make', prompts.idOf('make'), lost)
  expect(prompts.idOf('make all')).toBe('p2')
})
