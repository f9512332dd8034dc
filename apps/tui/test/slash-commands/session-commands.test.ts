import {expect, test} from 'vitest'

import {readNew} from '../../src/slash-commands/commands/new.ts'
import {readTagChanges} from '../../src/slash-commands/commands/tag.ts'

test.each([
  ['', {}],
  ['~/src', {folder: '~/src'}],
  ['two\\ words/', {folder: 'two words/'}],
  ['two words', {folder: 'two words'}],
  ['"two words"', {folder: 'two words'}],
  ["'it\\is'", {folder: 'it\\is'}],
  ['--agent gemini', {agent: 'gemini'}],
  ['--agent=gemini ../api', {agent: 'gemini', folder: '../api'}],
])('`/new %s` asks for %o', (argument, wanted) => {
  expect(readNew(argument)).toEqual(wanted)
})

test.each(['--agent', '-x', '--agents x'])('`/new %s` is refused', (argument) => {
  expect(readNew(argument)).toEqual({why: expect.stringContaining('Expected') as string})
})

test('tags are added, and removed with `-` before them', () => {
  expect(readTagChanges('web, #prod -old')).toEqual({add: ['web', 'prod'], remove: ['old']})
  expect(readTagChanges('a\\b')).toEqual({why: expect.stringMatching(/^Expected a tag: .*got `a\\b`$/) as string})
})
