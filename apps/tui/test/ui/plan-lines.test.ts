import {expect, test} from 'vitest'

import {keepLines, noLines, planLines} from '../../src/ui/live/plan-lines.ts'

const begun = planLines(noLines, 'a\n', 'b\nc\n').next

test('tentative lines are written once: what follows them is appended', () => {
  expect(planLines(noLines, 'a\n', 'b\nc\n')).toMatchObject({erased: '', added: 'a\nb\nc\n'})
  expect(planLines(begun, 'b\n', 'c\nd\n')).toMatchObject({erased: '', added: 'd\n'})
  expect(planLines(begun, 'b\nc\n', '')).toMatchObject({erased: '', added: ''})
})

test('tentative lines that their program has changed are erased', () => {
  expect(planLines(begun, '', '')).toMatchObject({erased: 'b\nc\n', added: ''})
  expect(planLines(begun, 'b done\nc\n', '')).toMatchObject({erased: 'b\nc\n', added: 'b done\nc\n'})
})

test('lines that cannot be erased stay, and are written again only if they were changed', () => {
  const kept = keepLines(begun)
  expect(planLines(kept, 'b\nc\n', 'd\n')).toMatchObject({erased: '', added: 'd\n'})
  expect(planLines(kept, 'b done\nc\n', '')).toMatchObject({erased: '', added: 'b done\nc\n'})
  // Those after them can be erased.
  const {next} = planLines(kept, 'b\n', 'c\nd\n')
  expect(planLines(next, 'c\n', 'D\n')).toMatchObject({erased: 'd\n', added: 'D\n'})
  expect(planLines(next, 'C\nd\n', '')).toMatchObject({erased: 'd\n', added: 'C\nd\n'})
})

test('of many finished lines, the first may be fewer than are on the terminal', () => {
  const {erased, added, next} = planLines(keepLines(begun), 'b\n', undefined)
  expect({erased, added}).toEqual({erased: '', added: ''})
  expect(planLines(next, 'c\nd\n', '')).toMatchObject({erased: '', added: 'd\n'})
})
