import {expect, test} from 'vitest'

import type {Block} from '../src/transcript/block.ts'
import {findBlock} from '../src/transcript/find-block.ts'

const note = (id: string, text: string): Block => ({kind: 'note', id, text, isWarning: false})
const blocks = [note('5.0', 'one'), note('9.0', 'two'), note('9.1', 'three'), note('12.0', 'one again')]

test.each([
  {seq: 5, text: 'one', at: 0, what: 'its event begins'},
  {seq: 7, text: 'elsewhere', at: 0, what: 'its event belongs to, though the text was drawn over'},
  {seq: 9, text: 'two', at: 1, what: 'is one of several of its event'},
  {seq: 10, text: 'three', at: 2, what: 'is another one of those'},
  {seq: 11, text: 'one again', at: 3, what: 'begins behind its event, as a prompt that was queued'},
  {seq: 3, text: 'one', at: -1, what: 'is not read yet'},
])('the block is found that $what', ({seq, text, at}) => {
  expect(findBlock(blocks, 5, {seq, text})).toBe(at)
})
