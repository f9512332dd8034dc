import {expect, test} from 'vitest'

import {readJsonText} from '../../src/files/json-text.ts'

const text = `{
  // Comments are left out, as are commas behind the last element.
  "a": {"b": "c: {", "k\\u0065y": [
    {"b": 1},
  ]},
  "b": {
    "c": /* here */
      {"b": 2}, "a": {"a": 3}
  }
}`

const lineOf = (path: readonly PropertyKey[], of = text) => {
  const read = readJsonText(of)
  return 'fault' in read ? undefined : read.lineOf(path)
}

test('reads JSON with comments and with commas behind last elements', () => {
  expect(readJsonText(text)).toMatchObject({
    value: {a: {b: 'c: {', key: [{b: 1}]}, b: {c: {b: 2}, a: {a: 3}}},
  })
})

test.each([
  [[], 1],
  [['a'], 3],
  [['a', 'b'], 3],
  [['a', 'key'], 3],
  [['b'], 6],
  [['b', 'c'], 7],
  [['b', 'c', 'b'], 8],
  [['b', 'a', 'a'], 8],
])('finds the line of %j', (path, line) => expect(lineOf(path)).toBe(line))

test('for what is missing, finds the key above it; an element is on the line of its array', () => {
  expect(lineOf(['b', 'missing', 'b'])).toBe(6)
  expect(lineOf(['a', 'key', 0, 'b'])).toBe(3)
})

test('of two keys of one name, the last one counts', () => {
  expect(readJsonText('{"a": 1,\n"a": 2}')).toMatchObject({value: {a: 2}})
  expect(lineOf(['a'], '{"a": 1,\n"a": 2}')).toBe(2)
})

test.each([
  ['', 1, 1],
  ['{', 1, 2],
  ['{\n  "notify": off\n}\n', 2, 13],
  ['{"notify": "off"} x', 1, 19],
  ['{"notify" "off"}', 1, 11],
  ['{"notify": "o\nff"}', 1, 12],
  ['{"notify": tru', 1, 12],
  ['{"notifyAfterSeconds": 01}', 1, 25],
])('%j is no JSON from line %i, column %i', (broken, line, column) => {
  expect(readJsonText(broken)).toEqual({fault: {line, column}})
})
