import type {LoggedEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createJsonPrinter, createOutputPrinter} from '../../src/export/event-printer.ts'

test('JSON lines contain no control that a terminal obeys, and are read as the same event', () => {
  const payload = {prompt_id: 'p', text: '\u009b31mred \u001b]0;title\u0007 \u202etxt.exe'}
  const event: LoggedEvent = {type: 'message.delta', session_id: '0123456789', seq: 1, at: 1, payload}
  const lines: string[] = []
  createJsonPrinter((line) => lines.push(line)).print(event, event)
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(lines[0]).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e]*\n$/)
  expect(JSON.parse(lines[0]!)).toEqual(event)
})

test('a file gets the bytes of the program without the line ends of the terminal, whether or not they are UTF-8', () => {
  const printed: Uint8Array[] = []
  const printer = createOutputPrinter((data) => printed.push(Buffer.from(data)), {isTerminal: false})
  const print = (output: {text: string} | {base64: string}) => {
    const payload = {prompt_id: 'p', ...output}
    const event: LoggedEvent = {type: 'message.delta', session_id: '0123456789', seq: 1, at: 1, payload}
    printer.print(event, event)
  }
  print({text: 'é\r\na\r'})
  print({base64: Buffer.from('\n\xe9\r\n\r', 'latin1').toString('base64')})
  print({text: 'b'})
  printer.flush()
  expect(Buffer.concat(printed)).toEqual(Buffer.from('c3a90a610ae90a0d62', 'hex'))
})
