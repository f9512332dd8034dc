import {expect, test} from 'vitest'

import {setInText, unsetInText} from '../../src/settings/edit-settings-text.ts'
import {readJsonText} from '../../src/files/json-text.ts'

const text = `// My settings.
{
\t"notify": "bell", /* quiet */ "unknown": [1,2],
\t"keys": {"attach":"alt-o"},
\t"queue": "always" // as I like it
}
`

test.each([
  ['a value is replaced in its place', ['notify'], 'off', '"bell"', '"off"'],
  [
    'a setting that is new has a line of its own, behind the comment of the last one',
    ['theme'],
    'dark',
    '"always" // as I like it',
    '"always", // as I like it\n\t"theme": "dark"',
  ],
  [
    'an entry is put behind the others, in their line',
    ['keys', 'clear'],
    ['alt-l', 'alt-c'],
    '"alt-o"}',
    '"alt-o", "clear": ["alt-l", "alt-c"]}',
  ],
  [
    'the first entry of a setting comes with it',
    ['permissions', 'edit'],
    'allow',
    '"always" // as I like it',
    '"always", // as I like it\n\t"permissions": {"edit": "allow"}',
  ],
])('%s', (_fact, path, value, before, after) => {
  expect(setInText(text, path, value)).toBe(text.replace(before, after))
})

test.each([
  ['{}', '{\n  "keys": {"attach": "alt-o"}\n}'],
  ['{"a": 1}', '{"a": 1, "keys": {"attach": "alt-o"}}'],
  ['{"a": 1,}', '{"a": 1, "keys": {"attach": "alt-o"},}'],
  ['{"keys": {}}', '{"keys": {"attach": "alt-o"}}'],
  ['{"keys": 7}', '{"keys": {"attach": "alt-o"}}'],
  ['{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "keys": {"attach": "alt-o"}\r\n}'],
])('an entry in %j', (before, after) => expect(setInText(before, ['keys', 'attach'], 'alt-o')).toBe(after))

test.each([
  [['notify'], '{\n\t"unknown": [1,2],'],
  [['keys', 'attach'], '"keys": {},'],
  [['queue'], '"keys": {"attach":"alt-o"}'],
])('%j is taken out, and all else stays', (path, part) => {
  const after = unsetInText(text, path)
  expect(after).toContain(part)
  const value = (of: string) => (readJsonText(of) as {value: Record<string, unknown>}).value
  const expected = structuredClone(value(text))
  if (path.length === 1) delete expected[path[0] ?? '']
  else expected['keys'] = {}
  expect(value(after)).toEqual(expected)
})
