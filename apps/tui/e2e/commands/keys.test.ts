import {readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {writeCurses} from '../support/curses.ts'
import {createHome, type Home} from '../support/home.ts'
import {until} from '../support/until.ts'

interface Snapshot {
  cursor: {col: number}
  lines: object[]
}

/** Starts a program in a session of its own. */
async function start(home: Home, ...command: string[]): Promise<string> {
  const {stdout} = await home.holdfast(['run', '--keep', '--tty', '--no-wait', '--', ...command])
  return stdout.split(/\s/)[0] ?? ''
}

/** Waits until the screen shows this. */
const shows = (home: Home, id: string, text: RegExp | string) =>
  until(
    async () => {
      const {stdout} = await home.holdfast(['snapshot', id])
      return (typeof text === 'string' ? stdout.includes(text) : text.test(stdout)) && stdout
    },
    {what: `${String(text)} on the screen`},
  )
const press = async (home: Home, id: string, ...keys: string[]) =>
  expect(await home.holdfast(['keys', id, '--', ...keys])).toMatchObject({stdout: '', stderr: '', exitCode: 0})

test('keys edit a file in vim, and snapshot shows it', async () => {
  need('vim')
  await using home = createHome()
  writeFileSync(`${home.project}/a.txt`, 'one\ntwo\nthree\n')
  const id = await start(home, 'vim', '-u', 'NONE', '-N', 'a.txt')
  await shows(home, id, /^one\ntwo\nthree\n~/)
  await press(home, id, 'Down', 'End', 'a', ' and more', 'Escape')
  await shows(home, id, /^one\ntwo and more\nthree\n~/)
  const read = async () => JSON.parse((await home.holdfast(['snapshot', id, '--format', 'json'])).stdout) as Snapshot
  // vim waits for what may follow an Escape.
  await until(async () => (await read()).cursor.col === 11, {what: 'the cursor on the last character'})
  const {lines, ...rest} = await read()
  expect(rest).toMatchObject({is_alternate: true, cursor: {row: 1, is_visible: true}})
  expect(lines.slice(0, 2)).toEqual([{spans: [{text: 'one', cells: 3}]}, {spans: [{text: 'two and more', cells: 12}]}])
  await press(home, id, ':wq', 'Enter')
  await until(() => readFileSync(`${home.project}/a.txt`, 'utf8') === 'one\ntwo and more\nthree\n', {what: 'the file'})
})

test('arrows are sent as the program has asked for them; colours are in the snapshot', async () => {
  need('python3')
  await using home = createHome()
  writeFileSync(
    `${home.project}/menu.py`,
    [
      'import curses',
      'def main(screen):',
      '    curses.use_default_colors(); curses.init_pair(1, curses.COLOR_RED, -1)',
      '    at = 0',
      '    while True:',
      '        screen.erase()',
      '        for row, name in enumerate(["first", "second"]):',
      '            screen.addstr(row, 0, name, curses.color_pair(1) if row == at else 0)',
      '        key = screen.getch()',
      '        if key == curses.KEY_DOWN: at = 1',
      '        if key == 3: return',
      'curses.wrapper(main)',
    ].join('\n'),
  )
  const id = await start(home, 'python3', 'menu.py')
  await shows(home, id, /^first\nsecond\n/)
  await press(home, id, 'Down')
  await until(
    async () =>
      (await home.holdfast(['snapshot', id, '--format', 'ansi'])).stdout.startsWith(
        'first\n\u001b[31msecond\u001b[0m\n',
      ),
    {what: 'the second row in red'},
  )
  await press(home, id, 'C-c')
  await until(async () => (await home.holdfast(['snapshot', id])).exitCode !== 0, {what: 'the end of the program'})
})

test('errors say what was expected', async () => {
  await using home = createHome()
  const id = await start(home, 'cat')
  await press(home, id, 'hello', 'Enter')
  await shows(home, id, /hello\nhello\n/)
  expect(await home.holdfast(['keys', id, 'ctrl+1'])).toMatchObject({
    stderr: expect.stringContaining('a key that a terminal can send, got `ctrl+1`') as string,
    exitCode: 2,
  })
  await press(home, id, 'C-d')
  await until(async () => (await home.holdfast(['snapshot', id])).exitCode !== 0, {what: 'the end of the program'})
  for (const words of [
    ['snapshot', id],
    ['keys', id, 'Enter'],
  ])
    expect(await home.holdfast(words)).toMatchObject({
      stderr: expect.stringContaining('no program is running') as string,
      exitCode: 4,
    })
})

test('keys for a prompt do not reach another program', async () => {
  await using home = createHome()
  const {stdout} = await home.holdfast(['run', '--keep', '--tty', '--no-wait', '--', 'cat'])
  const [id = '', prompt = ''] = stdout.trim().split(' ')
  await until(async () => (await home.holdfast(['keys', id, '--prompt', prompt, 'mine', 'Enter'])).exitCode === 0, {
    what: 'the keys for the program',
  })
  await shows(home, id, /mine\nmine\n/)
  writeFileSync(`${home.project}/text`, 'pasted\n')
  for (const words of [
    ['keys', id, '--prompt', 'another', 'lost', 'Enter'],
    ['keys', id, '--prompt', 'another', '--paste', 'text'],
  ])
    expect(await home.holdfast(words)).toMatchObject({stdout: '', exitCode: 4})
  expect(await home.holdfast(['keys', id, '--prompt', prompt, '--paste', 'text'])).toMatchObject({exitCode: 0})
  expect(await shows(home, id, /pasted\npasted\n/)).not.toContain('lost')
  await press(home, id, 'C-d')
})

test('wait ends when its condition is met or was met before, after the timeout, and with the program', async () => {
  need('python3')
  await using home = createHome()
  const wait = async (...words: string[]) => {
    const {stdout, stderr, exitCode} = await home.holdfast(['wait', id, ...words])
    expect(stdout).toBe('')
    return {stderr, exitCode}
  }
  const met = {stderr: '', exitCode: 0}
  const id = await start(home, 'python3', '-q')
  expect(await wait('--text', '>>> ')).toEqual(met)
  expect(await wait('--regex', '^>>>$')).toEqual(met)
  const later = wait('--text', '42')
  await press(home, id, 'print(6*7)', 'Enter')
  expect(await later).toEqual(met)
  expect(await wait('--text', '42')).toEqual(met)
  expect(await wait('--stable', '100')).toEqual(met)
  expect(await wait('--idle', '100')).toEqual(met)
  expect(await wait('--cursor', '2,4')).toEqual(met)
  expect(await wait('--text', 'never', '--timeout', '50')).toEqual({
    stderr: 'holdfast: the condition was not met within 50 ms: `snapshot` shows the screen, --timeout waits longer\n',
    exitCode: 11,
  })
  const [never, exit] = [wait('--text', 'never'), wait('--exit')]
  await press(home, id, 'C-d')
  expect(await exit).toEqual(met)
  expect(await never).toEqual({
    stderr: `holdfast: no program is running: none has begun, or it ended before the condition was met; \`holdfast show ${id}\` prints the output\n`,
    exitCode: 4,
  })
  expect(await wait('--exit')).toEqual(met)
  for (const words of [[], ['--exit', '--text', 'x'], ['--regex', '('], ['--cursor', '1']])
    expect(await wait(...words)).toMatchObject({exitCode: 2})
})

test('resize changes the terminal of the program', async () => {
  need('python3')
  await using home = createHome()
  writeCurses(home)
  const id = await start(home, 'python3', 'screen.py')
  await shows(home, id, 'size 80x24')
  expect(await home.holdfast(['resize', id, '100x30'])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  await shows(home, id, 'size 100x30')
  expect(await home.holdfast(['resize', id, '100'])).toMatchObject({exitCode: 2})
  await press(home, id, 'q')
})
