import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs'

import {expect, onTestFinished, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {readShellHistory} from '../src/shell-history/read-shell-history.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync('/tmp/hf-sh-')
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** The texts in a history file that the shell itself has written; its settings keep it in `history`. */
async function keptBy(shell: 'bash' | 'zsh', settings: string, entered: readonly string[]): Promise<string[]> {
  const home = temporaryFolder()
  const file = `${home}/history`
  writeFileSync(`${home}/.${shell}rc`, `HISTFILE=${file}; HISTSIZE=1000; SAVEHIST=1000; ${settings}\n`)
  const env = {HOME: home, PATH: process.env['PATH'], LC_ALL: 'C.UTF-8'}
  // Shells count in seconds.
  const second = Math.floor(Date.now() / 1000) * 1000
  const {error} = spawnSync(need(shell), ['-i'], {env, cwd: home, input: `${entered.join('\n')}\n`})
  expect([error, existsSync(file)]).toEqual([undefined, true])
  const commands = await readShellHistory({format: shell, path: file})
  const isTimed = /HISTTIMEFORMAT|extended_history/.test(settings)
  expect(commands.every(({at}) => (at === undefined) !== isTimed)).toBe(true)
  if (isTimed) expect(commands[0]?.at).toBeGreaterThanOrEqual(second)
  return commands.map(({text}) => text)
}

const loop = 'for i in 1 2\ndo echo $i\ndone'
const lines = ['echo one', loop, "echo 'two\nlines' \\\nthree", 'echo ă Ă € \u{1f980}', 'echo \\\\', ': 1:0;']

test.each([
  // bash itself joins a line that is continued by a backslash.
  ['bash', "HISTTIMEFORMAT='%F '; shopt -s lithist", lines.with(2, "echo 'two\nlines' three")],
  ['bash', "HISTTIMEFORMAT='%F '", lines.with(1, 'for i in 1 2; do echo $i; done').with(2, "echo 'two\nlines' three")],
  ['zsh', '', lines],
  ['zsh', 'setopt extended_history', lines],
] as const)('reads what %s has written with `%s`', async (shell, settings, expected) => {
  expect(await keptBy(shell, settings, lines)).toEqual(expected.toReversed())
})

test('a history of bash without times is a command a line', async () => {
  expect(await keptBy('bash', '', ['echo one', loop, 'echo two'])).toEqual([
    'echo two',
    'for i in 1 2; do echo $i; done',
    'echo one',
  ])
})

/** The texts that are read from a file with this content. */
async function read(format: string, content: string | Buffer) {
  const path = `${temporaryFolder()}/history`
  writeFileSync(path, content)
  return await readShellHistory({format, path})
}
const textsIn = async (format: string, content: string | Buffer) => (await read(format, content)).map(({text}) => text)

test('reads a history of fish', async () => {
  const content = String.raw`- cmd: echo one
  when: 1690000001
- cmd: for i in 1 2\necho $i \\\\ \\n\nend
  when: 1690000002
  paths:
    - /tmp/- cmd: x
- cmd: no time
`
  expect(await read('fish', content)).toEqual([
    {text: 'for i in 1 2\necho $i \\\\ \\n\nend', at: 1690000002000, place: 1690000002000},
    {text: 'echo one', at: 1690000001000, place: 1690000001000},
    {text: 'no time', place: -1},
  ])
})

test('broken parts are left out, and all others read', async () => {
  const bytes = Buffer.concat([
    Buffer.from('echo a\n\n'),
    Buffer.from([0x65, 0xff, 0x0a]),
    Buffer.from('echo \0\n  \necho b'),
  ])
  expect(await textsIn('bash', bytes)).toEqual(['echo b', 'echo a'])
  expect(
    await textsIn(
      'zsh',
      Buffer.concat([Buffer.from(': x:0;y\n: 99999999999999999999:0;z\necho \\'), Buffer.from([0x83])]),
    ),
  ).toEqual([': x:0;y'])
  expect(await textsIn('fish', '  when: 1\n- cmd\n- cmd: ls\n  when: soon\n')).toEqual(['ls'])
  expect(await textsIn('bash', `#1\n#2\necho a\n`)).toEqual(['echo a'])
  expect(await textsIn('bash', `${'x'.repeat(70_000)}\necho a\n`)).toEqual(['echo a'])
  expect(await textsIn('ksh', 'echo a\n')).toEqual([])
})

test('commands of one second, or without a time, have places of their own, in their order', async () => {
  const places = (await read('zsh', ': 5:0;a\n: 5:0;b\nx\n: 4:0;c\ny\n')).map(({text, place}) => [text, place])
  expect(places).toEqual([
    ['b', 5000],
    ['a', 4999.99],
    ['c', 4000],
    ['y', -1],
    ['x', -2],
  ])
})

test('only the end of a large file is read, from the first whole command on', async () => {
  const timed = Array.from({length: 300_000}, (_, number) => `#${number}\necho ${number}\necho more`)
  const texts = await textsIn('bash', `${timed.join('\n')}\n`)
  expect(texts[0]).toBe('echo 299999\necho more')
  expect(texts.length).toBeGreaterThan(100_000)
  expect(texts.length).toBeLessThan(200_000)
  expect(texts.every((text) => /^echo \d+\necho more$/.test(text))).toBe(true)
})

test('a missing file, a folder, a pipe or a relative path has no commands', async () => {
  const folder = temporaryFolder()
  spawnSync('mkfifo', [`${folder}/pipe`])
  for (const path of [`${folder}/none`, folder, `${folder}/pipe`, 'history', '', undefined])
    expect(await readShellHistory({format: 'bash', path})).toEqual([])
})

test('a file is parsed once, and again when it has changed', async () => {
  const path = `${temporaryFolder()}/history`
  /** A second ago, and one more for each `age`. */
  const write = (text: string, age: number) => {
    writeFileSync(path, text)
    const at = Date.now() / 1000 - 1 - age
    utimesSync(path, at, at)
  }
  write('echo one\n', 3)
  const file = {format: 'bash', path}
  const first = await readShellHistory(file)
  expect(await readShellHistory(file)).toBe(first)
  write('echo two\n', 2)
  expect((await readShellHistory(file)).map(({text}) => text)).toEqual(['echo two'])
  renameSync(path, `${path}.old`)
  write('echo six\n', 1)
  expect((await readShellHistory(file)).map(({text}) => text)).toEqual(['echo six'])
  rmSync(path)
  expect(await readShellHistory(file)).toEqual([])
})

test('a file that has just been written is parsed again, as it may change once more in the grain of its timestamps', async () => {
  const path = `${temporaryFolder()}/history`
  writeFileSync(path, 'echo one\n')
  // Its age is below any grain.
  const at = Date.now() / 1000 + 60
  utimesSync(path, at, at)
  const file = {format: 'bash', path}
  const first = await readShellHistory(file)
  expect(await readShellHistory(file)).not.toBe(first)
})
