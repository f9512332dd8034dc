import {expect, test} from 'vitest'

import {toolEnd, toolOutput, toolSign, type ShownTool} from '../src/index.ts'

function toolWith(count: number, left = 0): ShownTool {
  const lines = Array.from({length: count}, (_, at) => `line ${left + at + 1}`)
  return {output: {lines, left}} as unknown as ShownTool
}

test.each([
  {state: 'completed', count: 4, left: 0, shown: 4, out: 0, what: 'a short output is shown whole'},
  {state: 'completed', count: 5, left: 0, shown: 0, out: 5, what: 'a long one of a tool that is complete is left out'},
  {state: 'failed', count: 9, left: 0, shown: 9, out: 0, what: 'more is shown of a tool that failed'},
  {state: 'failed', count: 20, left: 100, shown: 8, out: 112, what: 'and the last lines of a long one'},
])('$what', ({state, count, left, shown, out}) => {
  const {lines, left: leftOut} = toolOutput({tool: toolWith(count, left), state})
  expect([lines.length, leftOut]).toEqual([shown, out])
  expect(lines.at(-1)).toBe(shown === 0 ? undefined : `line ${left + count}`)
})

test('a state and a kind of a later version of the protocol are shown as they are', () => {
  expect(toolEnd({state: 'paused'})).toEqual({tone: 'accent', text: 'paused'})
  expect(toolEnd({state: 'completed'}).text).toBe('')
  expect(toolSign({kind: 'dance'})).toBe('⚙')
})
