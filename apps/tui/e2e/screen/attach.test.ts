import {readFileSync} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {expectScreenBack} from '../support/attaching.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal, type Terminal, type TerminalModes} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {writeCurses} from '../support/curses.ts'

async function attach(home: Home, id: string, args: readonly string[] = []): Promise<Terminal> {
  return await openTerminal({
    command: process.execPath,
    args: [cli, 'attach', id, ...args],
    env: home.env,
    cwd: home.project,
  })
}

/** The settings of a terminal, except for its size. */
function withoutSize({termios}: TerminalModes): string {
  return termios.replace(/rows \d+; columns \d+/, '')
}

/** Starts a command that keeps running; returns the id of its session. */
async function start(home: Home, command: string): Promise<string> {
  const {stdout} = await home.holdfast(['run', '--keep', '--no-wait', '--', command])
  return stdout.split(' ')[0] ?? ''
}

/** The whole log of a session. */
async function logOf(home: Home, id: string): Promise<string> {
  return (await home.holdfast(['show', id, '--json'])).stdout
}

test('vim has the terminal by itself, a file is written, and the screen is restored', async () => {
  need('vim')
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo be""fore')
  await tui.waitFor(/^✓/m)
  const before = tui.modes()
  await tui.submitLast('vim -u NONE -N note.txt')
  await tui.waitFor(/^~ *\n~ *\n~/m)
  tui.resize(60, 20)
  await tui.waitFor(() => tui.screen().split('\n').length === 20)
  tui.type('ihello from vim')
  await tui.waitFor(/^hello from vim *$/m)
  tui.type('\x1b:wq\r')
  await tui.waitFor(/^❯ vim[^✓]*\n✓/m)
  await tui.waitFor('· idle')
  expect(readFileSync(`${home.project}/note.txt`, 'utf8')).toBe('hello from vim\n')
  expect(tui.modes().changed).toEqual(before.changed)
  expect(withoutSize(tui.modes())).toBe(withoutSize(before))
  expect(tui.scrollback()).toMatch(/^❯ echo be""fore.*\nbefore\n✓/m)
  expect(tui.scrollback()).not.toContain('hello from vim')
  const [{id}] = await sessionsOf(home)
  expect(await logOf(home, id)).not.toContain('hello from')
  await tui.submit('echo after $(tput cols)')
  await tui.waitFor(/^after 60\n✓/m)
})

test('attaching again paints the same screen, in the size of the terminal', async () => {
  await using home = createHome()
  writeCurses(home)
  const id = await start(home, 'python3 screen.py')
  for (const [before, key] of [
    ['', 'a'],
    ['a', 'b'],
  ] as const) {
    await using terminal = await attach(home, id)
    await terminal.waitFor(`size 80x24\ntyped [${before}]`)
    terminal.type(key)
    await terminal.waitFor(`typed [${before}${key}]`)
    terminal.resize(100, 30)
    await terminal.waitFor('size 100x30')
    terminal.press('detach')
    expect(await terminal.exited).toBe(0)
    expect(terminal.modes().changed).toEqual([])
    expect(withoutSize(terminal.modes())).toBe(withoutSize(terminal.modesBefore))
    expect(terminal.screen()).toContain(`detached; the program is still running: `)
    expect(terminal.screen()).not.toContain('typed [')
  }
  await using terminal = await attach(home, id, ['--detach-key', 'ctrl-q'])
  await terminal.waitFor('typed [ab]')
  terminal.press('ctrl-o')
  terminal.type('c')
  await terminal.waitFor('typed [abc]')
  terminal.type('q')
  expect(await terminal.exited).toBe(0)
  expect(terminal.screen()).toContain('the program has ended')
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})

test('a password stays hidden, and is not in the log', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('read -rsp "Secret: " x; echo; echo "${#x} letters"')
  await tui.waitFor(/^» Secret:$/m)
  tui.press('ctrl-o')
  await tui.waitFor(/^❯ read.*\nSecret: *$(?!\n)/m)
  tui.type('hunter22\r')
  await tui.waitFor(/^❯ read.*\nSecret: *\n8 letters\n✓/m)
  await tui.waitFor('· idle')
  expect(tui.scrollback()).not.toContain('hunter22')
  const [{id}] = await sessionsOf(home)
  const database = `${homePaths(home.state).sessions}/${id}.db`
  expect(await logOf(home, id)).toContain('8 letters')
  for (const file of [database, `${database}-wal`]) {
    expect(readFileSync(file).includes('hunter22'), file).toBe(false)
  }
})

test('a killed gateway while attached: the screen is painted again, and keys arrive', async () => {
  await using home = createHome()
  writeCurses(home)
  await using tui = await openTui(home)
  await tui.submitLast('python3 screen.py')
  await tui.waitFor('typed []')
  tui.type('x')
  await tui.waitFor('typed [x]')
  const gateway = await home.process('gateway')
  process.kill(gateway.pid, 'SIGKILL')
  await until(() => home.processes().some(({role, pid}) => role === 'gateway' && pid !== gateway.pid), {
    what: 'another gateway',
  })
  await until(
    () => {
      // Keys are lost while there is no connection.
      if (!tui.screen().includes('[xy')) tui.type('y')
      return tui.screen().includes('typed [xy')
    },
    {what: 'a key on the screen'},
  )
  tui.press('detach')
  await tui.waitFor(/· (?:\S )?(?:running|waiting for you)/)
  await tui.waitFor('python3 needs the whole terminal: Enter gives it')
  expect(tui.scrollback()).not.toContain('typed [')
  tui.press('enter')
  await tui.waitFor('typed [xy')
  tui.type('q')
  await expectScreenBack(tui)
})

test('when another client attaches, the first one gets its terminal back, with a message', async () => {
  await using home = createHome()
  writeCurses(home)
  const id = await start(home, 'python3 screen.py')
  await using first = await attach(home, id)
  await first.waitFor('typed []')
  await using second = await attach(home, id)
  await second.waitFor('typed []')
  expect(await first.exited).toBe(1)
  expect(first.screen()).toContain('another client attached to the program')
  expect(first.modes()).toEqual(first.modesBefore)
  second.type('z')
  await second.waitFor('typed [z]')
})

test('SIGTERM while attached restores the terminal', async () => {
  await using home = createHome()
  writeCurses(home)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    await using tui = await openTui(home)
    await tui.submitLast('python3 screen.py')
    await tui.waitFor('typed []')
    tui.kill(signal)
    await tui.exited
    expect(tui.modes()).toEqual(tui.modesBefore)
  }
})

test('other clients see that a program is attached elsewhere, and when that ends', async () => {
  await using home = createHome()
  writeCurses(home)
  const id = await start(home, 'python3 screen.py')
  await using watcher = await openTui(home, ['--resume', id])
  await watcher.waitFor('typed []')
  watcher.press('detach')
  await watcher.waitFor('python3 needs the whole terminal: Enter gives it')
  await using talk = await openTerminal({
    command: process.execPath,
    args: [cli, 'talk', '--resume', id],
    env: home.env,
    cwd: home.project,
  })
  await talk.waitFor('This command is running, and what you type is its input: python3 screen.py')
  await using terminal = await attach(home, id)
  await terminal.waitFor('typed []')
  await watcher.waitFor('· attached elsewhere')
  await watcher.waitFor('python3 needs the whole terminal: Ctrl-O gives it')
  await talk.waitFor('Another client attached, and types for this command.')
  terminal.press('detach')
  await terminal.exited
  await watcher.waitFor(() => !watcher.screen().includes('attached elsewhere'))
  await talk.waitFor(/^attached \d/m)
})

test('attaching without a program or a terminal fails with one line', async () => {
  await using home = createHome()
  const id = await start(home, 'true')
  await until(async () => (await sessionsOf(home))[0].state === 'idle', {what: 'an idle session'})
  expect(await home.holdfast(['attach', id])).toMatchObject({
    stderr: expect.stringMatching(/^holdfast: attaching needs a terminal; /) as string,
    exitCode: 2,
  })
  await using terminal = await attach(home, id)
  expect(await terminal.exited).toBe(4)
  expect(terminal.screen()).toContain(`no program is running in session ${id}: run a command first`)
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.press('ctrl-o')
  await tui.waitFor('No command is running: submit one, then press Ctrl-O')
})

test('SIGINT is Ctrl-C for the attached program; SIGQUIT restores the terminal', async () => {
  await using home = createHome()
  const id = await start(home, `sh -c 'trap "echo caught" INT; echo ready; while :; do sleep 0.05; done'`)
  await using terminal = await attach(home, id)
  await terminal.waitFor(/^ready$/m)
  await terminal.waitFor(() => terminal.modes().termios !== terminal.modesBefore.termios)
  terminal.kill('SIGINT')
  await terminal.waitFor(/^\^?C?caught$/m)
  terminal.kill('SIGQUIT')
  expect(await terminal.exited).toBe(131)
  expect(terminal.modes()).toEqual(terminal.modesBefore)
})
