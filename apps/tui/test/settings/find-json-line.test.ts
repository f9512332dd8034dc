import {expect, test} from 'vitest'

import {findJsonLine} from '../../src/settings/find-json-line.ts'

const text = `{
  "a": {"b": "c: {", "k\\u0065y": [
    {"b": 1}
  ]},
  "b": {
    "c":
      {"b": 2}, "a": {"a": 3}
  }
}`

test.each([
  [[], 1],
  [['a'], 2],
  [['a', 'b'], 2],
  [['a', 'key'], 2],
  [['b'], 5],
  [['b', 'c'], 6],
  [['b', 'c', 'b'], 7],
  [['b', 'a', 'a'], 7],
])('finds %j', (path, line) => expect(findJsonLine(text, path)).toBe(line))

test('for what is missing, finds the key above it; an element is on the line of its array', () => {
  expect(findJsonLine(text, ['b', 'missing', 'b'])).toBe(5)
  expect(findJsonLine(text, ['a', 'key', 0, 'b'])).toBe(2)
})

test('of two keys of one name, finds the last, which counts', () => {
  expect(findJsonLine('{"a": 1,\n"a": 2}', ['a'])).toBe(2)
})
