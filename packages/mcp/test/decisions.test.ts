import {expect, test} from 'vitest'

import {describeProgress} from '../src/describe-progress.ts'
import {isWhole, joinHeadAndTail, keepHeadAndTail, nothingKept} from '../src/head-and-tail.ts'
import {accessTo, refuseAccess, refuseFolder} from '../src/index.ts'

const keep = (pieces: readonly string[], max: number) =>
  pieces.reduce((kept, piece) => keepHeadAndTail(kept, piece, max), nothingKept)

test.each([
  [['a\n', 'b\n'], 'a\nb\n'],
  [['0123456789'], '0123456789'],
  [
    ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n', 'seven\n'],
    'one\n[… 20 characters are left out …]\nsix\nseven\n',
  ],
  [['x'.repeat(1000)], `${'x'.repeat(5)}\n[… 984 characters are left out …]\n${'x'.repeat(11)}`],
])('of %j, at most 16 characters are kept', (pieces, shown) => {
  expect(joinHeadAndTail(keep(pieces, 16))).toBe(shown)
  // However the output comes.
  expect(joinHeadAndTail(keep(pieces.join('').split(''), 16))).toBe(shown)
  expect(isWhole(keep(pieces, 16))).toBe(!shown.includes('…'))
})

test('no half of a surrogate pair is shown', () => {
  expect(joinHeadAndTail(keep(['🙂'.repeat(100)], 15))).toMatch(
    /^(?:🙂)+\n\[… \d+ characters are left out …\]\n(?:🙂)+$/u,
  )
})

test('a long output does not take more memory than its bound', () => {
  const {head, tail} = keep(
    Array.from({length: 1000}, (_, index) => `line ${index}\n`),
    300,
  )
  expect(head.length + tail.length).toBe(300)
})

test.each([
  [['mcp'], {}, 'write'],
  [['mcp'], {readOnly: true}, 'read'],
  [['mcp'], {otherSessions: 'none'}, 'write'],
  [[], {}, 'read'],
  [undefined, {}, 'read'],
  [['other'], {otherSessions: 'none'}, 'none'],
  [['other'], {otherSessions: 'write'}, 'write'],
  [['other'], {otherSessions: 'write', readOnly: true}, 'read'],
] as const)('with the tags %j and the limits %j, the access is %s', (tags, limits, access) => {
  expect(accessTo(tags, limits)).toBe(access)
})

test('what is refused says why', () => {
  expect(refuseAccess('s', 'read', 'read', {})).toBeUndefined()
  expect(refuseAccess('s', 'write', 'write', {})).toBeUndefined()
  expect(refuseAccess('s', 'write', 'read', {})).toMatch(/^a person opened session s.*`holdfast tag s mcp`$/)
  expect(refuseAccess('s', 'read', 'none', {})).toMatch(/^there is no session s/)
  expect(refuseAccess('s', 'read', 'none', {readOnly: true})).toMatch(/^there is no session s/)
  expect(refuseAccess('s', 'write', 'read', {readOnly: true})).toMatch(/`mcpReadOnly`/)
})

test.each([
  ['/src', [], true],
  ['/src', ['/src'], true],
  ['/src/a', ['/src'], true],
  ['/src/a', ['/b', '/src/'], true],
  ['/srcs', ['/src'], false],
  ['/', ['/src'], false],
  ['/src', ['/'], true],
  ['~/a', ['/src'], false],
])('a session in %s, with %j allowed: %s', (folder, folders, isAllowed) => {
  expect(refuseFolder(folder, {folders}) === undefined).toBe(isAllowed)
})

test('progress names the last line, or what the run waits for', () => {
  expect(describeProgress({elapsedMs: 2040, lastLine: undefined, isWaiting: false})).toBe('2 s')
  expect(describeProgress({elapsedMs: 2040, lastLine: '  ok 3 ', isWaiting: false})).toBe('2 s: ok 3')
  expect(describeProgress({elapsedMs: 61_000, lastLine: 'x'.repeat(900), isWaiting: false})).toHaveLength(206)
  expect(describeProgress({elapsedMs: 900, lastLine: undefined, isWaiting: true})).toMatch(/^1 s: waits for the prompt/)
})
