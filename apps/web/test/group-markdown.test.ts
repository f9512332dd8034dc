import {createBlockReader} from '@holdfast/markdown/blocks'
import {expect, test} from 'vitest'

import {groupBlocks, type MarkdownGroup} from '../src/blocks/group-markdown.ts'

function groupsOf(source: string): MarkdownGroup[] {
  const reader = createBlockReader()
  reader.add(source)
  reader.end()
  const blocks = []
  for (let read = reader.read(); read !== undefined; read = reader.read()) blocks.push(...read.blocks)
  return groupBlocks(blocks)
}

function say(group: MarkdownGroup): unknown {
  if (group.kind === 'text') return group.block.source
  if (group.kind === 'code') return {[group.language]: group.lines}
  return group.items.map(({depth, marker, groups}) => [depth, marker, ...groups.map(say)])
}

test('paragraphs, code and lists are groups', () => {
  const source = '# Title\n\nText\n\n```ts\na\n\nb\n```\n\n- one\n- two\n\nEnd'
  expect(groupsOf(source).map(say)).toEqual([
    '# Title',
    'Text',
    {ts: ['a', '', 'b']},
    [
      [1, '•', 'one'],
      [1, '•', 'two'],
    ],
    'End',
  ])
})

test('an item has its code and its paragraphs, and lists in lists are deeper', () => {
  const source = '1. one\n\n   more\n\n   ```sh\n   ls\n   ```\n2. two\n   - inner\n     - deep\n- [x] done\n'
  expect(groupsOf(source).map(say)).toEqual([
    [
      [1, '1.', 'one', 'more', {sh: ['ls']}],
      [1, '2.', 'two'],
      [2, '•', 'inner'],
      [3, '•', 'deep'],
      [1, '☒', 'done'],
    ],
  ])
})

test('two blocks of code behind each other are two', () => {
  expect(groupsOf('```a\n1\n```\n```b\n2\n```').map(say)).toEqual([{a: ['1']}, {b: ['2']}])
})
