import {expect, test} from 'vitest'

import {maxSummarizedLength, summarizeTurns} from '../../src/sessions/summarize-turns.ts'

test('texts are cut, but not in half of a character', () => {
  const prompt = `${'x'.repeat(maxSummarizedLength - 1)}😀 and more`
  const summary = summarizeTurns([{prompt, answer: ' short \n'}], true)
  expect(summary).toContain(`I wrote:\n${'x'.repeat(maxSummarizedLength - 1)} …\n\nYou answered:\nshort`)
  expect(summary).not.toContain('left out')
})

test('has the last turns in at most 16 KiB, and says that there were others', () => {
  const turns = Array.from({length: 100}, (_, at) => ({prompt: `prompt ${at}`, answer: '文'.repeat(500)}))
  const summary = summarizeTurns(turns, true)
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(16 * 1024)
  expect(Buffer.byteLength(summary)).toBeGreaterThan(14 * 1024)
  expect(summary).toContain('prompt 99')
  expect(summary).not.toContain('prompt 80')
  expect(summary).toContain('(What was said before that is left out.)')
  expect(summarizeTurns([{prompt: 'one', answer: ''}], false)).toContain('left out')
})
