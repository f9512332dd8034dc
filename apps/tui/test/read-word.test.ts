import {expect, test} from 'vitest'

import {readWord} from '../src/words/read-word.ts'
import type {Word} from '../src/words/word.ts'

const word = (name: Word['name'], shape?: string): Word => ({
  name,
  description: 'does it',
  run() {},
  ...(shape === undefined ? {} : {argument: {shape}}),
})
const words = [word('/quit'), word('/title', 'TITLE'), word('/new', '[FOLDER]')]

/** The word and its argument, or what else the line is. */
function read(line: string) {
  const found = readWord(line, words)
  return found.kind === 'word' ? [found.word.name, found.argument] : found
}

test.each([
  ['/quit', ['/quit', '']],
  ['/quit ', ['/quit', '']],
  ['/title  two words ', ['/title', 'two words']],
  ['/new', ['/new', '']],
  ['/new ~/src', ['/new', '~/src']],
  ['/usr/bin/env', {kind: 'prompt'}],
  ['/entrypoint.sh now', {kind: 'prompt'}],
  [' /init', {kind: 'prompt'}],
  ['ls /quit', {kind: 'prompt'}],
  ['/', {kind: 'prompt'}],
  ['//', {kind: 'prompt'}],
])('%j is %j', (line, expected) => {
  expect(read(line)).toEqual(expected)
})

const known = 'Expected one of the words that /help shows, got'

test.each([
  ['/help', `${known} \`/help\`. To run a program of that name, begin with a space`],
  [
    '/Help me with all that I have',
    `${known} \`/Help me with all th…\`. To run a program of that name, begin with a space`,
  ],
  ['/quit now', 'Expected `/quit` alone, got `/quit now`'],
  ['/title ', 'Expected `/title TITLE`, got `/title`'],
])('%j is refused, and the answer says what would be right', (line, why) => {
  expect(readWord(line, words)).toEqual({kind: 'refused', why})
})
