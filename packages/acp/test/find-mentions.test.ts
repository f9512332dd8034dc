import {findMentions} from '@holdfast/acp'
import {expect, test} from 'vitest'

test.each([
  ['no file', ['no file']],
  ['see @a/b.ts.', ['see ', '@a/b.ts', '.']],
  ['@a.ts @"my file.ts", please', ['@a.ts', ' ', '@"my file.ts"', ', please']],
  ['mail me@example.org', ['mail me@example.org']],
  ['@ alone', ['@ alone']],
  ['@...', ['@...']],
  ['', []],
])('%j', (text, parts) => {
  expect(findMentions(text).map((part) => part.text)).toEqual(parts)
})
