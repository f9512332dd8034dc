import {execFileSync} from 'node:child_process'
import {homedir} from 'node:os'

import {expect, test} from 'vitest'

import {createLineEndRestorer} from '../../src/export/line-end-restorer.ts'
import {toShellLine} from '../../src/sessions/shell-line.ts'
import {findHome} from '../../src/process/find-home.ts'
import {gatewayCommand} from '../../src/process/own-command.ts'
import {invocation} from '../../src/process/invocation.ts'

test('line ends of a terminal are undone in whatever chunks, all other bytes stay', () => {
  const printed = Buffer.from('a\r\nb\rc\r\r\nd\n\r')
  const restored = 'a\nb\rc\r\nd\n\r'
  for (let size = 1; size <= printed.length; size++) {
    const lineEnds = createLineEndRestorer()
    const pieces: Uint8Array[] = []
    for (let at = 0; at < printed.length; at += size) pieces.push(lineEnds.restore(printed.subarray(at, at + size)))
    pieces.push(lineEnds.flush())
    expect(Buffer.concat(pieces).toString(), `chunks of ${size}`).toBe(restored)
  }
})

test('one argument is a command line for the shell', () => {
  expect(toShellLine(['echo $HOME | wc -c'])).toBe('echo $HOME | wc -c')
})

test.each([[['ls', '-la', '/tmp']], [['echo', 'two words', '$HOME', "it's", '"', '\\', '', '*', 'new\nline']]])(
  'several arguments reach the program unchanged: %j',
  (words) => {
    const [, ...expected] = words
    const line = toShellLine(['printf', '%s\\0', ...expected])
    const got = execFileSync('bash', ['-c', line], {encoding: 'utf8'})
    expect(got.split('\0').slice(0, -1)).toEqual(expected)
  },
)

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
