import {describe, expect, test} from 'vitest'

import {createPromptReader, type PromptReader} from '../src/prompt-reader.ts'

/** A reader that knows `$ ` as the prompt, and waits at one. */
function atPrompt(redraw?: RegExp): PromptReader {
  const reader = createPromptReader(redraw)
  for (let count = 0; count < 2; count++) {
    reader.begin()
    reader.take(Buffer.from('$ '))
    reader.settle()
  }
  return reader
}

/** What is told of these bytes while the next prompt is drawn. */
function whileDrawing(reader: PromptReader, bytes: string): string[] {
  reader.begin()
  expect(reader.take(Buffer.from(bytes))).toEqual([])
  return reader.settle().map(String)
}

describe('createPromptReader', () => {
  test('what comes when the prompt was drawn is told at once', () => {
    const reader = atPrompt()
    expect(reader.stage).toBe('still')
    expect(reader.take(Buffer.from('late\r\n')).map(String)).toEqual(['late\r\n'])
  })

  test('around the same prompt as before, whole lines before it and all behind it are told', () => {
    const reader = atPrompt()
    expect(whileDrawing(reader, 'one\r\n$ two')).toEqual(['one\r\n', 'two'])
    expect(whileDrawing(reader, '$ ')).toEqual([])
  })

  test('what stands before the prompt on its own line is taken for a part of it', () => {
    expect(whileDrawing(atPrompt(), '(venv) $ ')).toEqual([])
  })

  test('another prompt than before is told nothing of, and is known from then on', () => {
    const reader = atPrompt()
    expect(whileDrawing(reader, 'one\r\n> ')).toEqual([])
    expect(whileDrawing(reader, 'one\r\n> ')).toEqual([])
    expect(whileDrawing(reader, 'two\r\none\r\n> ')).toEqual(['two\r\n'])
  })

  test('what is longer than any prompt is told, and what follows it', () => {
    const reader = atPrompt()
    reader.stop()
    reader.begin()
    const flood = 'x'.repeat(65_000)
    expect(reader.take(Buffer.from(flood))).toEqual([])
    expect(reader.take(Buffer.from('y'.repeat(1000))).map(String)).toEqual([flood + 'y'.repeat(1000)])
    expect(reader.take(Buffer.from('z')).map(String)).toEqual(['z'])
  })

  test('a prompt that says where it ends is told from all that comes behind it', () => {
    const reader = createPromptReader(undefined)
    reader.take(Buffer.from('# '))
    reader.endHere()
    reader.take(Buffer.from('late\r\n'))
    expect(reader.settle().map(String)).toEqual(['late\r\n'])
    reader.drawAgain()
    expect(reader.stage).toBe('still')
  })

  test('what the shell draws again by itself is told nothing of, what stands before it is', () => {
    const reader = atPrompt(/<draw>/)
    expect(reader.take(Buffer.from('late\r\n<draw>$ ')).map(String)).toEqual(['late\r\n'])
    expect(reader.stage).toBe('drawing')
    expect(reader.take(Buffer.from('<more>'))).toEqual([])
    expect(reader.settle()).toEqual([])
    expect(reader.take(Buffer.from('later')).map(String)).toEqual(['later'])
    // It is no new prompt.
    expect(whileDrawing(reader, 'one\r\n$ ')).toEqual(['one\r\n'])
  })

  test('what begins to draw is recognised, though it was cut', () => {
    const reader = atPrompt(/<draw>/)
    expect(reader.take(Buffer.from('late\r\n<dr')).map(String)).toEqual(['late\r\n<dr'])
    expect(reader.take(Buffer.from('aw>$ '))).toEqual([])
  })

  test('while a line is typed nothing is told, and a prompt that was not finished is not known', () => {
    const reader = atPrompt()
    reader.begin()
    reader.take(Buffer.from('half of a pro'))
    expect(reader.stop()).toEqual([])
    expect(reader.take(Buffer.from('echo hi\r\n'))).toEqual([])
    expect(whileDrawing(reader, 'one\r\n$ ')).toEqual(['one\r\n'])
  })
})
