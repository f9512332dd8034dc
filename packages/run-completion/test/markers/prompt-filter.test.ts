import {describe, expect, test} from 'vitest'

import {createPromptFilter, type PromptFilter} from '../../src/markers/prompt-filter.ts'

const text = (parts: readonly Uint8Array[]): string[] => parts.map((part) => Buffer.from(part).toString())
const take = (filter: PromptFilter, bytes: string): string[] => text(filter.take(Buffer.from(bytes)))

/** A filter that knows `$ ` as the prompt, which the shell has drawn. */
function atPrompt(redraw?: RegExp): PromptFilter {
  const filter = createPromptFilter(redraw)
  for (let count = 0; count < 2; count++) {
    filter.begin()
    take(filter, '$ ')
    filter.noteDrawn()
  }
  return filter
}

/** The background output found in these bytes, printed while the next prompt is drawn. */
function whileDrawing(filter: PromptFilter, bytes: string): string[] {
  filter.begin()
  expect(take(filter, bytes)).toEqual([])
  return text(filter.noteDrawn())
}

describe('createPromptFilter', () => {
  test('returns at once output printed after the prompt', () => {
    const filter = atPrompt()
    expect(filter.state).toBe('drawn')
    expect(take(filter, 'late\r\n')).toEqual(['late\r\n'])
  })

  test('returns whole lines before, and all text after, a prompt equal to the previous one', () => {
    const filter = atPrompt()
    expect(whileDrawing(filter, 'one\r\n$ two')).toEqual(['one\r\n', 'two'])
    expect(whileDrawing(filter, '$ ')).toEqual([])
  })

  test('takes text before the prompt on the same line for a part of the prompt', () => {
    expect(whileDrawing(atPrompt(), '(venv) $ ')).toEqual([])
  })

  test('returns nothing for a new prompt, and knows it from then on', () => {
    const filter = atPrompt()
    expect(whileDrawing(filter, 'one\r\n> ')).toEqual([])
    expect(whileDrawing(filter, 'one\r\n> ')).toEqual([])
    expect(whileDrawing(filter, 'two\r\none\r\n> ')).toEqual(['two\r\n'])
  })

  test('returns output longer than any prompt, and the output after it', () => {
    const filter = atPrompt()
    filter.noteTyping()
    filter.begin()
    const flood = 'x'.repeat(65_000)
    expect(take(filter, flood)).toEqual([])
    expect(take(filter, 'y'.repeat(1000))).toEqual([flood + 'y'.repeat(1000)])
    expect(take(filter, 'z')).toEqual(['z'])
  })

  test('separates a prompt with a known end from everything after it', () => {
    const filter = createPromptFilter(undefined)
    take(filter, '# ')
    filter.noteEnd()
    take(filter, 'late\r\n')
    expect(text(filter.noteDrawn())).toEqual(['late\r\n'])
    filter.noteRedraw()
    expect(filter.state).toBe('drawn')
  })

  test('removes a prompt that the shell redraws on its own, and returns the output before it', () => {
    const filter = atPrompt(/<draw>/)
    expect(take(filter, 'late\r\n<draw>$ ')).toEqual(['late\r\n'])
    expect(filter.state).toBe('drawing')
    expect(take(filter, '<more>')).toEqual([])
    expect(filter.noteDrawn()).toEqual([])
    expect(take(filter, 'later')).toEqual(['later'])
    // It is no new prompt.
    expect(whileDrawing(filter, 'one\r\n$ ')).toEqual(['one\r\n'])
  })

  test('removes a prompt that the shell redraws before the first drawing was noted', () => {
    const filter = atPrompt(/<draw>/)
    expect(whileDrawing(filter, 'one\r\n$ two<draw>$ ')).toEqual(['one\r\n', 'two'])
    expect(whileDrawing(filter, '$ <draw>$ ')).toEqual([])
    expect(whileDrawing(filter, '$ three')).toEqual(['three'])
  })

  test('recognises the beginning of a redraw that was cut', () => {
    const filter = atPrompt(/<draw>/)
    expect(take(filter, 'late\r\n<dr')).toEqual(['late\r\n<dr'])
    expect(take(filter, 'aw>$ ')).toEqual([])
  })

  test('returns nothing while a line is typed, and does not learn an unfinished prompt', () => {
    const filter = atPrompt()
    filter.begin()
    take(filter, 'half of a pro')
    expect(filter.noteTyping()).toEqual([])
    expect(take(filter, 'echo hi\r\n')).toEqual([])
    expect(whileDrawing(filter, 'one\r\n$ ')).toEqual(['one\r\n'])
  })
})
