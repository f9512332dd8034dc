import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {alt, ctrl, keyBytes} from '../support/key-bytes.ts'
import {startServer} from '../support/serve.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {waitForWritten} from './written.ts'

const shells = [
  ['bash', '.bashrc', "PS1='by hand> '; HISTCONTROL=ignorespace", '.bash_history'],
  [
    'bash',
    '.bashrc',
    "PS1='by hand> '; HISTCONTROL=ignorespace; HISTTIMEFORMAT='%F '; shopt -s histappend",
    '.bash_history',
  ],
  ['zsh', '.zshrc', "PS1='by hand> '; HISTFILE=~/.hist; HISTSIZE=99; SAVEHIST=99; setopt hist_ignore_space", '.hist'],
  [
    'zsh',
    '.zshrc',
    "PS1='by hand> '; HISTFILE=~/.hist; HISTSIZE=99; SAVEHIST=99; setopt share_history hist_ignore_space",
    '.hist',
  ],
  ['fish', '.config/fish/config.fish', "function fish_prompt; echo 'by hand> '; end", '.local/share/fish/fish_history'],
] as const

/** Opens a shell as a user does without Holdfast. */
async function openByHand(home: Home, shell: 'bash' | 'zsh' | 'fish'): Promise<Terminal> {
  const terminal = await openTerminal({command: need(shell), args: ['-i'], env: home.env, cwd: home.project})
  await terminal.waitFor(/^by hand>$/m)
  return terminal
}

async function leave(terminal: Terminal): Promise<void> {
  terminal.type('exit\r')
  await terminal.exited
}

/** Opens the list of the history, waits until it has a row, and closes it. */
async function expectListed(tui: Tui, query: string, row: RegExp): Promise<void> {
  tui.type(ctrl('r'))
  tui.type(query)
  await tui.waitFor(row)
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc back'))
}

describe.each(shells)('%s, %s with %s', (shell, startFile, settings, file) => {
  const createUser = () => {
    const home = createHome()
    mkdirSync(`${home.user}/.config/fish`, {recursive: true})
    // Without this folder, fish fills it in the background at its first start.
    mkdirSync(`${home.user}/.local/share/fish/generated_completions`, {recursive: true})
    writeFileSync(`${home.user}/${startFile}`, `${settings}\n`)
    return home
  }

  test('what was entered in the shell is there by ↑, Ctrl-R, suggestion and Alt-., and the other way round', async () => {
    await using home = createUser()
    {
      await using terminal = await openByHand(home, shell)
      for (const text of ['one', "two; true 'a b'"]) {
        terminal.type(`echo ${text}\r`)
        await terminal.waitFor(new RegExp(`^${text.slice(0, 3)}\\n(.*\\n)*by hand>$`, 'm'))
      }
      await leave(terminal)
    }
    await using tui = await openTui(home, ['--shell', shell])
    await tui.waitFor('· idle')
    await expectListed(tui, 'ec', /^ {2}echo two; true 'a b'.*\n {2}echo one/m)
    tui.press('up')
    await waitForWritten(tui, '❯ exit')
    tui.press('up')
    await waitForWritten(tui, "❯ echo two; true 'a b'")
    tui.type(ctrl('u'))
    tui.type('echo o')
    await waitForWritten(tui, '❯ echo one')
    tui.type(`${keyBytes.right} more`)
    tui.press('enter')
    await tui.waitFor(/^one more\n✓/m)
    tui.type(' echo kept out')
    tui.press('enter')
    await tui.waitFor(/^kept out\n✓/m)
    tui.type(`cat${alt('.')}`)
    await waitForWritten(tui, '❯ catmore')
    tui.type(alt('.') + alt('.'))
    await waitForWritten(tui, "❯ cat'a b'")
    tui.type(ctrl('u'))
    await tui.submit('/close')
    await tui.waitFor('The session was closed.')
    const kept = readFileSync(`${home.user}/${file}`, 'utf8')
    expect(kept).toMatch(/echo one more\n( {2}when: \d+\n)?$/)
    expect(kept).not.toMatch(/kept out|holdfast/)
  })
})

test('a shell whose host is killed keeps its history', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo kept')
  await tui.waitFor(/^kept\n✓/m)
  process.kill((await home.process('host')).pid, 'SIGKILL')
  const file = `${home.user}/.bash_history`
  await until(() => existsSync(file) && readFileSync(file, 'utf8') === 'echo kept\n', {
    what: 'the history of the shell',
  })
})

test('with --connect, it is the history of the shell on the other machine', async () => {
  await using there = createHome()
  writeFileSync(`${there.user}/.bash_history`, 'echo over there\n')
  await using here = createHome()
  writeFileSync(`${here.user}/.bash_history`, 'echo right here\n')
  await using server = await startServer(there)
  await using tui = await openTui(here, server.optionsFor())
  await tui.waitFor('· idle')
  await expectListed(tui, 'echo', /^history: echo▏\n {2}echo over there *\n {2}Enter takes it/m)
})
