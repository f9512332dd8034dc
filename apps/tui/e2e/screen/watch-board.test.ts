import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'
import {openTmuxTui} from '../support/tmux.ts'
import {until} from '../support/until.ts'

const openBoard = (home: Home, cols = 80, rows = 24): Promise<Terminal> => {
  const [command, ...args] = home.launch(home.project, ['watch'])
  return openTerminal({command, args, env: home.env, cwd: home.project, cols, rows})
}
async function start(home: Home, title: string, command: string): Promise<string> {
  const {stdout} = await home.holdfast(['new', '--title', title, '--', 'sh', '-c', command])
  return stdout.trim()
}
const rowOf = (board: Terminal, title: string) =>
  board
    .screen()
    .split('\n')
    .find((row) => row.includes(` ${title} `)) ?? ''

test('watch shows all open sessions, live, with the screen of the chosen one, and restores the terminal', async () => {
  await using home = createHome()
  const web = await start(home, 'web', 'echo listening; while read -r line; do echo "got $line"; done')
  await start(home, 'deploy', 'stty -echo; printf "Password: "; read -r secret')
  await using board = await openBoard(home)
  await board.waitFor(/^2 open sessions · 2 wait for you$/m)
  await board.waitFor(/^ {3}PASSWORD +deploy/m)
  await board.waitFor(/^── deploy ─+\nPassword:/m)
  board.press('down')
  await board.waitFor(/^── web ─+\nlistening$/m)
  await home.holdfast(['send', web, 'hello'])
  await board.waitFor(/^got hello$/m)
  await start(home, 'later', 'sleep 600')
  await board.waitFor(/^3 open sessions/m)
  // It is listed before its program has begun.
  await board.waitFor(() => /● running/.test(rowOf(board, 'later')))
  // The choice stays on its session.
  expect(board.screen()).toMatch(/^── web ─/m)
  await home.holdfast(['close', web])
  await board.waitFor(/^2 open sessions/m)
  board.type('q')
  expect(await board.exited).toBe(0)
  expect(board.modes()).toEqual(board.modesBefore)
  expect(board.screen().trim()).toBe('')
})

test('at rest, watch writes nothing; after a resize, it draws as many rows as there are', async () => {
  await using home = createHome()
  for (let index = 0; index < 12; index++) await start(home, `job-${index}`, `seq 1 ${index}; sleep 600`)
  await using board = await openBoard(home)
  await board.waitFor(/12 open sessions/)
  await board.waitFor(/^── job-11 ─+\n1\n2\n/m)
  await board.waitFor(/● running +job-4 .* 4$/m)
  const writesNothing = async () => {
    const {length} = board.bytes
    for (let count = 0; count < 2; count++) await home.holdfast(['ls'])
    return board.bytes.length === length
  }
  await until(writesNothing, {what: 'a board whose rows are all drawn'})
  expect(await writesNothing()).toBe(true)
  board.resize(60, 12)
  await board.waitFor(
    () => board.screen().startsWith('12 open sessions') && /\n +Enter opens it.* 9 more$/.test(board.screen()),
  )
  board.type('\u001b[6~')
  await board.waitFor(/^── job-1 ─/m)
  board.press('ctrl-c')
  expect(await board.exited).toBe(0)
  expect(board.modes().changed).toEqual([])
})

test('Enter opens the chosen session in the screen; the board comes back when that is left', async () => {
  await using home = createHome()
  const {stdout} = await home.holdfast(['new', '--title', 'shell'])
  await using board = await openBoard(home)
  await board.waitFor(/○ idle +shell/)
  board.press('enter')
  await board.waitFor(/^❯/m)
  board.type('echo $((6*7))\r')
  await board.waitFor(/^42\n[^]*· idle/m)
  board.type('/quit\r')
  await board.waitFor(/^1 open session$/m)
  await board.waitFor(/^── shell ─+\n42$/m)
  board.kill('SIGTERM')
  expect(await board.exited).toBe(143)
  expect(board.modes()).toEqual(board.modesBefore)
  expect((await home.holdfast(['ls'])).stdout).toContain(stdout.trim())
})

test('in a session, watch leaves that one out; Ctrl-Z and fg are as for any program', async () => {
  await using home = createHome()
  await start(home, 'job', 'echo hello; sleep 600')
  const outer = (await home.holdfast(['new', '--title', 'outer', '--', 'bash', '--norc', '-i'])).stdout.trim()
  const wait = async (...condition: string[]) =>
    expect(await home.holdfast(['wait', outer, ...condition])).toMatchObject({stderr: '', exitCode: 0})
  const keys = (...words: string[]) => home.holdfast(['keys', outer, '--', ...words])
  await keys(home.launch(home.project, ['watch']).join(' '), 'Enter')
  await wait('--regex', '^1 open session$')
  await wait('--regex', '^── job ─+\nhello$')
  await keys('C-z')
  await wait('--regex', '^.1.\\+ +Stopped')
  await keys('fg', 'Enter')
  await wait('--regex', '^── job ─+\nhello$')
  await keys('q')
  const snapshot = async () => (await home.holdfast(['snapshot', outer])).stdout
  await until(async () => !(await snapshot()).includes('── job'), {what: 'the screen without the board'})
})

test('in tmux, where the cursor stays on the last column, watch draws its rows to that column', async () => {
  await using home = createHome()
  await start(home, 'ruler', "printf '%080d' 7; sleep 600")
  await using board = await openTmuxTui(home, ['watch'], {cols: 80, rows: 24, shown: /^── ruler ─+\n0+7?$/m})
  const rows = board.screen().split('\n')
  expect(rows.find((row) => row.startsWith('── ruler'))).toHaveLength(80)
  expect(rows).toContain('7'.padStart(80, '0'))
})

test('watch needs a terminal', async () => {
  await using home = createHome()
  expect(await home.holdfast(['watch'])).toMatchObject({
    stdout: '',
    stderr: 'holdfast: the board needs a capable terminal; `holdfast ls` works without one\n',
    exitCode: 2,
  })
})
