import {stripVTControlCharacters} from 'node:util'

import type {RunOutput} from '@holdfast/terminal'
import {expect, test, vi} from 'vitest'

import {createAgentAnswer} from '../../../src/ui/agent/agent-answer.ts'

async function open(cols = 20): Promise<RunOutput> {
  const onChange = vi.fn<() => void>()
  const answer = createAgentAnswer({size: {cols, rows: 14}, style: {strong: (text) => text}, onChange})
  answer.add('Hello.\n\n')
  await expect.poll(() => answer.takeLines()).toEqual(['Hello.'])
  expect(onChange).toHaveBeenCalled()
  return answer
}
const rowsOf = (answer: RunOutput) => answer.view().rows

test('finished blocks are lines at once, the unfinished one is in the view, and a resize wraps only that', async () => {
  const answer = await open()
  answer.add('# One\nA **paragraph** that is not')
  expect(answer.takeLines()).toEqual(['', '# One'])
  expect(rowsOf(answer)).toEqual(['A paragraph that is', 'not'])
  answer.resize({cols: 12, rows: 14})
  expect(answer.takeLines()).toEqual([])
  expect(rowsOf(answer)).toEqual(['A paragraph', 'that is not'])
  expect(await answer.end()).toEqual({lines: ['A paragraph', 'that is not'], collapsedLines: 0, tail: []})
})

test('the view has no more rows than fit, whatever the answer is', async () => {
  const answer = await open()
  answer.add('word '.repeat(700))
  expect(answer.takeLines()).toEqual([])
  expect(rowsOf(answer)).toHaveLength(10)
})

test('rows that a terminal has pushed into its scrollback do not come again, in any width', async () => {
  const answer = await open()
  answer.add('one **two three four five six seven')
  expect(rowsOf(answer)).toEqual(['', 'one **two three four', 'five six seven'])
  answer.view().dropRows(1)
  expect(rowsOf(answer)).toEqual(['one **two three four', 'five six seven'])
  answer.view().dropRows(1)
  expect(rowsOf(answer)).toEqual(['five six seven'])
  // A row of which only a part was pushed comes whole.
  answer.resize({cols: 9, rows: 14})
  expect(rowsOf(answer)).toEqual(['four five', 'six seven'])
  answer.resize({cols: 20, rows: 14})
  answer.add('** eight\n\nnext')
  expect(answer.takeLines()).toEqual(['five six seven eight'])
  expect(rowsOf(answer)).toEqual(['', 'next'])
})

test('finished rows are lines, and do not come again', async () => {
  const answer = await open()
  answer.add('one two three four five')
  answer.finishRows()
  expect(answer.takeLines()).toEqual(['', 'one two three four', 'five'])
  expect(rowsOf(answer)).toEqual([])
})

test('a long answer that arrives at once is drawn in parts, to its end', async () => {
  const answer = await open(80)
  answer.add('a line\n\n'.repeat(20_000))
  expect(answer.takeLines().length).toBeLessThan(10_000)
  const {lines} = await answer.end()
  expect(lines.length).toBeGreaterThan(20_000)
})

test('colours of the agent are left out, and code has those of its language', async () => {
  const keyword = (text: string) => `\u001b[35m${text}\u001b[39m`
  const answer = createAgentAnswer({size: {cols: 80, rows: 24}, style: {keyword}, onChange() {}})
  answer.add('\u001b[31mred\u001b[0m\n```ts\nreturn 1\n')
  const {lines} = await answer.end()
  expect(lines).toEqual(['red', `  ${keyword('return')} 1`])
  expect(stripVTControlCharacters(lines[1]!)).toBe('  return 1')
})
