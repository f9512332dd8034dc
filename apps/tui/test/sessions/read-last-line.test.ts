import type {Client} from '@holdfast/client'
import {expect, test} from 'vitest'

import {readLastLine} from '../../src/sessions/read-last-line.ts'

const start = {type: 'message.start', payload: {prompt_id: 'p', text: 'make\ttest'}}
const delta = (text: string) => ({type: 'message.delta', payload: {prompt_id: 'p', text}})

/** The last line of a session whose log ends with these. */
function lastLine(...events: readonly object[]): Promise<string | undefined> {
  const numbered = events.map((event, index) => ({...event, session_id: '0123456789', seq: index + 1, at: 0}))
  const client = {request: () => Promise.resolve({events: numbered})} as unknown as Client
  return readLastLine(client, '0123456789')
}

test.each([
  ['the last line with something in it', [start, delta('one\r\ntwo\r\n \r\n')], 'two'],
  [
    'what a job has printed since',
    [start, delta('one\n'), {type: 'background.output', payload: {text: 'late\n'}}],
    'late',
  ],
  ['as it became', [start, delta(' 1%\r'), delta('100%')], '100%'],
  ['without escapes, wherever they are cut', [start, delta('one\r\nred\u001b[38;5;2'), delta('4;2m end')], 'red end'],
  ['the prompt, where it has printed nothing', [delta('of before'), start], '❯ make test'],
])('of a session, %s', async (_what, events, line) => {
  expect(await lastLine(...events)).toBe(line)
})

test('of a session in which nothing happened, none', async () => {
  expect(await lastLine()).toBeUndefined()
})
