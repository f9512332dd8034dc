import {describe, expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {ctrl, pasted} from '../support/key-bytes.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

/** The modes of a terminal, to compare. */
function modesOf(terminal: Terminal): string {
  const {termios, changed} = terminal.modes()
  return JSON.stringify([termios, changed])
}

const outerShells = {bash: ['--norc', '-i'], zsh: ['-f', '-i'], dash: ['-i']} as const

/** A terminal in which somebody has typed `holdfast` in a shell with job control. */
async function openInShell(home: Home, shell: keyof typeof outerShells): Promise<Terminal> {
  const env = {...home.env, PS1: 'outer> ', HISTFILE: ''}
  const terminal = await openTerminal({command: shell, args: outerShells[shell], env, cwd: home.project})
  await terminal.waitFor(/outer>$/)
  terminal.type(`${process.execPath} ${cli}\r`)
  await terminal.waitFor('· idle')
  return terminal
}

/** Types a draft; returns the modes in which the screen has the terminal. */
async function typeDraft(terminal: Terminal): Promise<string> {
  terminal.type('half a prompt')
  await waitForWritten(terminal, '❯ half a prompt')
  return modesOf(terminal)
}

/** After `fg`: the draft is there again, in the same modes, and a paste of two lines is one prompt. */
async function expectResumed(terminal: Terminal, inScreen: string): Promise<void> {
  await waitForWritten(terminal, '❯ half a prompt')
  await terminal.waitFor(() => modesOf(terminal) === inScreen)
  terminal.type(ctrl('u'))
  terminal.type(pasted('echo one\necho two'))
  await waitForWritten(terminal, '❯ echo one\necho two')
  terminal.press('enter')
  await terminal.waitFor(/^one\ntwo\n✓/m)
}

async function leave(terminal: Terminal): Promise<void> {
  terminal.press('ctrl-d')
  await terminal.waitFor('Press Ctrl-D again')
  terminal.press('ctrl-d')
  await terminal.waitFor(/The session is still running(.*\n)*outer>$/)
  terminal.type('exit\r')
  await terminal.exited
}

test.each(['bash', 'zsh'] as const)(
  'Ctrl-Z suspends the screen in a %s with job control, fg resumes it',
  async (shell) => {
    need(shell)
    await using home = createHome()
    await using terminal = await openInShell(home, shell)
    const inScreen = await typeDraft(terminal)

    terminal.type(ctrl('z'))
    await terminal.waitFor(/(Stopped|suspended)(.*\n)*outer>$/)
    expect(terminal.screen()).not.toContain('half a prompt')
    // The terminal is restored for the shell: line mode, visible cursor.
    terminal.type('stty -a | grep -o " icanon" ; echo jobs: $(jobs | wc -l)\r')
    await terminal.waitFor(/^ icanon\n(.*\n)*jobs: 1$/m)
    expect(terminal.modes().changed).not.toContain('?25l')

    terminal.type('fg\r')
    await expectResumed(terminal, inScreen)

    // In the background, it waits until it is in the foreground.
    terminal.type(ctrl('z'))
    await terminal.waitFor(/(Stopped|suspended)(.*\n)*outer>$/)
    terminal.type('bg\r')
    // bash reports it at its next prompt.
    if (shell === 'bash') terminal.type('until jobs | grep -q Stopped; do sleep 0.05; done; echo held\r')
    await terminal.waitFor(shell === 'bash' ? /^held$/m : /tty output/)
    terminal.type('fg\r')
    await waitForWritten(terminal, '❯')
    // A key that is typed at once arrives, and the frame is drawn once.
    terminal.type('a')
    await waitForWritten(terminal, '❯ a')
    expect(terminal.screen().match(/^project · /gm)).toHaveLength(1)
    terminal.type(ctrl('u'))
    await waitForWritten(terminal, '❯')
    await leave(terminal)
  },
)

describe.each(['bash', 'zsh', 'dash'] as const)('in %s', (shell) => {
  test.each(['SIGTSTP', 'SIGSTOP'] as const)(
    '%s from outside stops the screen, and fg draws it anew in its own modes',
    async (signal) => {
      need(shell)
      await using home = createHome()
      await using terminal = await openInShell(home, shell)
      const inScreen = await typeDraft(terminal)
      const screen = home.processes().find(({role}) => role === 'client')

      process.kill(screen!.pid, signal)
      await terminal.waitFor(/(Stopped|suspended).*\n(.*\n)*outer>$/)
      if (signal === 'SIGTSTP') {
        terminal.type('stty -a | grep -o " icanon"\r')
        await terminal.waitFor(/^ icanon$/m)
        expect(terminal.modes().changed).not.toContain('?25l')
      }
      // dash leaves the terminal as the stopped process had it: raw.
      terminal.type(`fg${signal === 'SIGSTOP' && shell === 'dash' ? ctrl('j') : '\r'}`)
      await expectResumed(terminal, inScreen)
      await leave(terminal)
    },
  )
})

test('output during the suspension appears once after fg', async () => {
  await using home = createHome()
  await using terminal = await openInShell(home, 'bash')
  terminal.type('until [ -e go ]; do sleep 0.01; done; print-lines out.txt 300 0\r')
  await terminal.waitFor(/· (?:\S )?running/)
  process.kill(home.processes().find(({role}) => role === 'client')!.pid, 'SIGTSTP')
  await terminal.waitFor(/Stopped(.*\n)*outer>$/)
  terminal.type('touch go; until grep -q "line 300" out.txt; do sleep 0.1; done; echo all written\r')
  await terminal.waitFor(/^all written$/m)
  terminal.type('fg\r')
  await terminal.waitFor(/^line 300\n✓/m)
  const seen = terminal.scrollback().match(/^line \d+$/gm)
  expect(seen).toEqual(Array.from({length: 300}, (_, index) => `line ${index + 1}`))
  await leave(terminal)
})

test('without a shell that could resume it, Ctrl-Z is refused with a notice', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type(ctrl('z'))
  await tui.waitFor('Cannot suspend: no shell could resume this process')
  await tui.submit('echo here')
  await tui.waitFor(/^here\n✓/m)
})

test('Ctrl-L clears the screen of other programs’ output, and keeps the lines in the scrollback', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo kept')
  await tui.waitFor(/^kept\n✓/m)
  tui.type('half')
  await waitForWritten(tui, '❯ half')
  tui.type(ctrl('l'))
  await tui.waitFor(() => tui.screen().startsWith('\nproject · bash'))
  await waitForWritten(tui, '❯ half')
  expect(tui.screen()).not.toContain('kept')
  expect(tui.scrollback()).toContain('❯ echo kept\nkept\n✓')
})

test.each(['clear', 'reset', "printf '\\033[H\\033[2J'"])(
  '%s clears the screen; the lines before it are in the scrollback',
  async (command) => {
    await using home = createHome()
    await using tui = await openTui(home)
    await tui.submit('echo kept')
    await tui.waitFor(/^kept\n✓/m)
    await tui.submit(`echo before; ${command}; echo after`)
    await tui.waitFor(/^after\n✓(.*\n)+.* · idle/m)
    expect(tui.screen()).toMatch(/^after\n✓/)
    expect(tui.scrollback()).toMatch(/^❯ echo kept\nkept\n✓.*\n\n❯ echo before.*\nbefore\n\s*after\n✓/m)
  },
)

test.each(['clear', 'reset'])(
  'on the screen that %s has cleared is no result of a command that is not there',
  async (command) => {
    await using home = createHome()
    await using tui = await openTui(home)
    await tui.submit('echo kept')
    await tui.waitFor(/^kept\n✓/m)
    await tui.submit(command)
    await tui.waitFor(() => !tui.screen().includes('kept'))
    await tui.submit('echo next')
    await tui.waitFor(/^next\n✓/m)
    expect(tui.screen()).toMatch(/^\s*❯ echo next\nnext\n✓/)
    // A failure is told.
    await tui.submit(`${command}; false`)
    await tui.waitFor(/^✗ exit 1/m)
    expect(tui.screen()).toMatch(/^\s*✗ exit 1/)
  },
)
