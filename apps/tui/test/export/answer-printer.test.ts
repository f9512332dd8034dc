import type {LoggedEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createAnswerPrinter} from '../../src/export/answer-printer.ts'

const event = (type: string, payload: object) => ({type, payload, session_id: 's', seq: 1, at: 1}) as LoggedEvent
const says = (text: string) => event('message.delta', {prompt_id: 'p', text})
const tool = event('tool.call', {prompt_id: 'p', tool_call_id: 't', title: 'Run it'})
const thinks = event('thought.delta', {prompt_id: 'p', text: 'hm'})

function print(events: readonly LoggedEvent[], isTerminal: boolean): string {
  let written = ''
  const printer = createAnswerPrinter(
    (data) => (written += typeof data === 'string' ? data : Buffer.from(data).toString()),
    {isTerminal},
  )
  for (const each of events) printer.print(each, each)
  printer.flush()
  return written
}

test.each([false, true])('prints what the agent says, without thoughts and tools; to a terminal: %s', (isTerminal) => {
  const events = [thinks, tool, says('I loo'), thinks, says('k.'), tool, tool, says('Done:\n- one'), tool]
  expect(print(events, isTerminal)).toBe('I look.\n\nDone:\n- one\n')
  expect(print([says('One line.\n'), tool, says('Another.\n')], isTerminal)).toBe('One line.\n\nAnother.\n')
  expect(print([tool], isTerminal)).toBe('')
})

test('a terminal gets no sequences of the agent, a pipe gets all bytes', () => {
  expect(print([says('\u001b]0;title\u0007\u001b[31mred')], true)).toBe('red\n')
  expect(print([says('\u001b[31mred')], false)).toBe('\u001b[31mred\n')
})

test.each([
  [false, 'I look.\n\nDone\n'],
  [true, 'I look.\n⚙ Run it\nDone\n'],
])('tells what the agent does aside; to the same terminal: %s', (isTerminal, expected) => {
  let written = ''
  let told = ''
  const write = (data: string | Uint8Array) => void (written += Buffer.from(data).toString())
  const printer = createAnswerPrinter(
    write,
    {isTerminal},
    {
      isColoured: false,
      isTerminalOfAnswer: isTerminal,
      write(line) {
        told += line
        if (isTerminal) write(line)
      },
    },
  )
  const question = event('approval.request', {prompt_id: 'p', approval_id: 'q', title: 'May I?', choices: []})
  for (const each of [says('I look.'), tool, question, says('Done')]) printer.print(each, each)
  printer.flush()
  expect(told).toBe('⚙ Run it\n')
  expect(written).toBe(expected)
})
