import {describe, expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {ctrl} from '../support/key-bytes.ts'
import {cli, createHome} from '../support/home.ts'
import {openTerminal} from '../support/terminal.ts'
import {writeCurses} from '../support/curses.ts'

const shells = {bash: ['--norc', '-i'], zsh: ['-f', '-i'], dash: ['-i']} as const

describe.each(['bash', 'zsh', 'dash'] as const)('in %s', (shell) => {
  test.each(['SIGTSTP', 'SIGSTOP'] as const)(
    'an attached terminal that %s has stopped from outside takes modes and size anew',
    async (signal) => {
      need(shell)
      await using home = createHome()
      writeCurses(home)
      const {stdout} = await home.holdfast(['run', '--no-wait', '--', 'python3 screen.py'])
      const id = stdout.split(' ')[0] ?? ''
      const env = {...home.env, PS1: 'outer> ', HISTFILE: ''}
      await using terminal = await openTerminal({command: shell, args: shells[shell], env, cwd: home.project})
      await terminal.waitFor(/outer>$/)
      terminal.type(`${process.execPath} ${cli} attach ${id}\r`)
      await terminal.waitFor('size 80x24\ntyped []')
      terminal.type('a')
      await terminal.waitFor('typed [a]')
      const {termios, changed} = terminal.modes()
      const attached = home.processes().find(({role}) => role === 'client')

      process.kill(attached!.pid, signal)
      if (signal === 'SIGTSTP') {
        await terminal.waitFor(/(Stopped|suspended).*\n(.*\n)*outer>$/)
        terminal.type('stty -a | grep -o " icanon"\r')
        await terminal.waitFor(/^ icanon$/m)
        expect(terminal.modes().changed.filter((mode) => mode !== '?2004h')).toEqual([])
      } else {
        // The shell writes on the screen of the program.
        await terminal.waitFor(/outer>/)
      }
      terminal.resize(70, 20)
      // dash leaves the terminal as the stopped process had it: raw.
      terminal.type(`fg${signal === 'SIGSTOP' && shell === 'dash' ? ctrl('j') : '\r'}`)
      await terminal.waitFor('size 70x20\ntyped [a]')
      terminal.type('b')
      await terminal.waitFor('typed [ab]')
      expect(terminal.modes().termios.replace(/rows \d+; columns \d+/, '')).toBe(
        termios.replace(/rows \d+; columns \d+/, ''),
      )
      expect(terminal.modes().changed).toEqual(changed)
      terminal.type('q')
      await terminal.waitFor(/the program has ended(.*\n)*outer>$/)
      terminal.type('exit\r')
      await terminal.exited
    },
  )
})
