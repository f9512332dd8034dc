import {expect, test} from 'vitest'

import {BatchFormatError, readBatch} from '../src/index.ts'

test('a batch has one step a line', () => {
  const text = [
    '{"command":"run","text":"vim a.txt","wait":false}',
    '',
    '  {"command":"keys","keys":["i","hello","Escape"]}',
    '{"command":"wait","regex":"^hello$","timeout_ms":50}\r',
    '{"command":"snapshot"}',
    '',
  ].join('\n')
  expect(readBatch(text)).toEqual([
    {line: 1, command: 'run', text: 'vim a.txt', wait: false},
    {line: 3, command: 'keys', keys: ['i', 'hello', 'Escape']},
    {line: 4, command: 'wait', condition: {regex: /^hello$/mu}, timeout_ms: 50},
    {line: 5, command: 'snapshot', scrollback: 0},
  ])
})

test.each([
  ['{"command":"press"}', /^line 2: expected "command" to be one of run, keys, type, paste, wait, snapshot, resize/],
  ['{}', /^line 2: expected "command" to be one of/],
  ['keys Enter', /^line 2: expected a JSON object, such as/],
  ['[]', /^line 2: .*expected object, received array/],
  ['{"command":"keys","keys":"Enter"}', /^line 2: `keys`: .*expected array, received string/],
  ['{"command":"keys","keys":["a"],"then":1}', /^line 2: Unrecognized key: "then"/],
  ['{"command":"wait"}', /^line 2: expected exactly one of text, .*, got none$/],
  ['{"command":"wait","text":"a","exit":true}', /^line 2: .*got text and exit$/],
  ['{"command":"wait","regex":"("}', /^line 2: expected a regular expression/],
  ['{"command":"resize","cols":0,"rows":5}', /^line 2: `cols`: /],
])('%s is refused with its line', (line, message) => {
  const read = () => readBatch(`{"command":"snapshot"}\n${line}\n{"command":"also wrong"}`)
  expect(read).toThrow(BatchFormatError)
  expect(read).toThrow(message)
})

test('a batch has a bound', () => {
  expect(() => readBatch('\n \n')).toThrow('expected one step a line, got none')
  expect(() => readBatch('{"command":"snapshot"}\n'.repeat(1001))).toThrow('expected at most 1000 steps, got 1001')
  expect(() => readBatch(' '.repeat(5_000_000))).toThrow(/expected a batch of at most 4194304 characters/)
})
