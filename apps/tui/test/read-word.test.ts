import {expect, test} from 'vitest'

import {readWord} from '../src/screen/read-word.ts'

test.each([
  ['/quit', {kind: 'word', word: '/quit'}],
  ['/restart ', {kind: 'word', word: '/restart'}],
  ['/usr/bin/env', {kind: 'prompt'}],
  ['/entrypoint.sh now', {kind: 'prompt'}],
  [' /init', {kind: 'prompt'}],
  ['ls /quit', {kind: 'prompt'}],
  ['/', {kind: 'prompt'}],
  ['//', {kind: 'prompt'}],
])('%j is %j', (line, read) => {
  expect(readWord(line)).toEqual(read)
})

const known =
  'Expected `/quit` (leaves), `/restart` (tries again to reach the session), or `/logs` (shows who died last, and how), got'

test.each([
  ['/help', '`/help`'],
  ['/exit', '`/exit`'],
  ['/quit now', '`/quit now`'],
  ['/Help me with all that I have', '`/Help me with all th…`'],
])('%j is no word, and the answer names those that are', (line, got) => {
  const why = `${known} ${got}. To run a program of that name, begin with a space`
  expect(readWord(line)).toEqual({kind: 'unknown', why})
})
