import {expect, test} from 'vitest'

import {createPromptRemover} from '../../src/index.ts'

/** Returns the background output of texts that are printed while the prompt is drawn, each up to when it is. */
function drawn(texts: readonly string[], mayHaveJobs: (index: number) => boolean): string[] {
  let index = 0
  const remover = createPromptRemover(() => mayHaveJobs(index))
  return texts.map((text, at) => {
    index = at
    for (const byte of Buffer.from(text)) remover.take(Uint8Array.of(byte))
    return Buffer.from(remover.noteDrawn()).toString()
  })
}

test('the prompt is known from times without jobs, and only what jobs print around it is output', () => {
  const texts = ['user$ ', 'user$ ', '<1>\nuser$ <2>\n', '<3>\nuser<4>$ ', '[1] Done\nuser$ ']
  expect(drawn(texts, (index) => index === 2 || index === 3)).toEqual(['', '', '<1>\n<2>\n', '<3>\n<4>', '[1] Done\n'])
})

test('a new prompt is shown once while a job exists', () => {
  expect(drawn(['a$ ', 'b$ ', 'b$ ', '<1>b$ '], (index) => index > 0)).toEqual(['', 'b$ ', '', '<1>'])
})

test('what is printed before the next line is typed, and what is no prompt, is returned whole', () => {
  const remover = createPromptRemover(() => false)
  expect(remover.take(Buffer.from('<1>\nuser'))).toEqual(new Uint8Array())
  expect(Buffer.from(remover.takeAll()).toString()).toBe('<1>\nuser')
  const flood = Buffer.alloc(65_537, 'x')
  expect(Buffer.from(remover.take(flood)).equals(flood)).toBe(true)
  expect(remover.takeAll()).toEqual(new Uint8Array())
})

test('lines that a job prints again, before the prompt is known, are no prompt', () => {
  expect(drawn(['$ <1>\n', '$ <1>\n'], () => true)).toEqual(['$ <1>\n', '$ <1>\n'])
})
