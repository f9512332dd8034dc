import {execFileSync} from 'node:child_process'
import {homedir} from 'node:os'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createLineEndRestorer} from '../../src/export/line-end-restorer.ts'
import {toShellLine} from '../../src/sessions/shell-line.ts'
import {findHome} from '../../src/process/find-home.ts'
import {gatewayCommand} from '../../src/process/own-command.ts'
import {invocation} from '../../src/process/invocation.ts'

test('line ends of a terminal are undone in whatever chunks, all other characters stay', () => {
  const printed = 'a\r\nb\rc\r\r\nd\n\r'
  const restored = 'a\nb\rc\r\nd\n\r'
  for (let size = 1; size <= printed.length; size++) {
    const lineEnds = createLineEndRestorer()
    const pieces: string[] = []
    for (let at = 0; at < printed.length; at += size) pieces.push(lineEnds.restore(printed.slice(at, at + size)))
    pieces.push(lineEnds.flush())
    expect(pieces.join(''), `chunks of ${size}`).toBe(restored)
  }
})

test('one argument is a command line for the shell', () => {
  expect(toShellLine(['echo $HOME | wc -c'])).toBe('echo $HOME | wc -c')
})

const CHARACTERS = Array.from({length: 127}, (_, at) => String.fromCharCode(at + 1))
const WORDS = [
  ...CHARACTERS.flatMap((each) => [
    each,
    `${each}a`,
    `a${each}`,
    `${each}${each}`,
    `-${each}`,
    `a=${each}a`,
    `--a=${each}`,
  ]),
  '',
  '=ls',
  '~',
  '~root',
  'a=~',
  'a:~',
  '--a=~',
  '{a,b}',
  '{1..3}',
  '[a-z]',
  '*.ts',
  '!!',
  '!$',
  '^a^b',
  '%1',
  '%self',
  '@(a|b)',
  '--',
  '-',
  '-n',
  '-e',
  "it's",
  "'''",
  "'\\''",
  '\\\\',
  '(ls)',
  '$(ls)',
  '`ls`',
  '$HOME',
  '>a',
  '2>&1',
  'a;b',
  'a&b',
  '#a',
  'é€😀',
  '\n\n',
  'a\r\nb',
]

test.each([
  ['bash', []],
  ['zsh', ['-f']],
  ['zsh', ['-f', '-o', 'rcquotes', '-o', 'magicequalsubst', '-o', 'extendedglob']],
  ['dash', []],
  ['fish', ['-N']],
] as const)('each of several arguments reaches the program unchanged in %s %j', (name, options) => {
  const line = toShellLine([process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...WORDS])
  const output = execFileSync(need(name), [...options, '-c', line], {encoding: 'utf8'})
  expect(JSON.parse(output)).toEqual(WORDS)
})

test.each(['a=b', '=ls', '%1'])('a program may be named %s', (name) => {
  expect(toShellLine([name, 'x'])).toBe(`'${name}' x`)
  expect(toShellLine(['make', '--jobs=4', 'CC=gcc'])).toBe("make --jobs=4 'CC=gcc'")
})

test('the home is where the environment says', () => {
  expect(findHome({HOLDFAST_HOME: '/srv/hf', XDG_STATE_HOME: '/x'})).toBe('/srv/hf')
  expect(findHome({XDG_STATE_HOME: '/x'})).toBe('/x/holdfast')
  expect(findHome({XDG_STATE_HOME: 'relative'})).toBe(`${homedir()}/.local/state/holdfast`)
  expect(findHome({HOLDFAST_HOME: ''})).toBe(`${homedir()}/.local/state/holdfast`)
})

test('another program may be named as gateway', () => {
  expect(gatewayCommand({HOLDFAST_GATEWAY: '/opt/mine'})).toEqual(['/opt/mine', 'gateway'])
  expect(gatewayCommand({}).at(-1)).toBe('gateway')
})

test.each([
  ['ls', undefined, 'holdfast ls'],
  ['', undefined, 'holdfast'],
  ['--resume abc', 'npm start', 'npm start -- --resume abc'],
  ['', 'npm start', 'npm start'],
  ['ls', '', 'holdfast ls'],
])('the arguments %j, after a start by %j, are shown as %j', (args, startedBy, line) => {
  expect(invocation(args, startedBy)).toBe(line)
})
