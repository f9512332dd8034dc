import {execFileSync} from 'node:child_process'

import {expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {commonStart, readPath, writePath} from '../src/completion/shell-path.ts'

test.each([
  ['cat sr|', {start: 4, isMarked: false, folder: '', name: 'sr'}],
  ['cat @sr|', {start: 4, isMarked: true, folder: '', name: 'sr'}],
  ['cat src/main.t|', {start: 4, isMarked: false, folder: 'src/', name: 'main.t'}],
  ['ls|', {start: 0, isMarked: false, folder: '', name: 'ls'}],
  ['cat |', {start: 4, isMarked: false, folder: '', name: ''}],
  ['a;cat</etc/h|', {start: 6, isMarked: false, folder: '/etc/', name: 'h'}],
  ['x --file=~/s|', {start: 9, isMarked: false, folder: '~/', name: 's'}],
  [String.raw`cat my\ own\ di|`, {start: 4, isMarked: false, folder: '', name: 'my own di'}],
  [String.raw`cat a\\ b|`, {start: 8, isMarked: false, folder: '', name: 'b'}],
  [`cat 'my di|`, undefined],
  [`echo 'one' di|`, {start: 11, isMarked: false, folder: '', name: 'di'}],
  [`it's @di|`, {start: 5, isMarked: true, folder: '', name: 'di'}],
])('%j is at a path: %o', (text, path) => {
  expect(readPath(text.replace('|', ''), text.indexOf('|'))).toEqual(path)
})

const names = [
  'plain.txt',
  'two words',
  `it's`,
  '$HOME',
  'a;b&c|d',
  '-rf',
  '~user',
  'back\\slash',
  '*?[x]',
  '日本',
  '#1',
  '!x',
  'a=b',
  '{a,b}',
  '^x%',
]

const shells = ['bash', 'dash', 'zsh', 'fish'] as const
test.each(shells)('an escaped name is the same name for %s', (shell) => {
  const said = execFileSync(need(shell), ['-c', `printf '%s\\n' ${names.map(writePath).join(' ')}`], {encoding: 'utf8'})
  expect(said.split('\n').slice(0, -1)).toEqual(names.map((name) => (/^[-~]/.test(name) ? `./${name}` : name)))
})

test.each([
  [['main.ts', 'main.test.ts'], 'main.t'],
  [['a', 'b'], ''],
  [['\u{1f980}a', '\u{1f981}b'], ''],
  [['one'], 'one'],
])('%j begin with %j', (all, start) => {
  expect(commonStart(all)).toBe(start)
})
