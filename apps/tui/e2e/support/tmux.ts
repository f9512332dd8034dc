import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'

import {need} from '../../../../tooling/vitest/need.ts'
import type {Home} from './home.ts'
import {openTerminal, type Terminal, type TerminalOptions} from './terminal.ts'

/** The built TUI in tmux in a real terminal. */
export interface TmuxTui extends Terminal {
  /** All rows of the pane with its history; wrapped rows are joined to lines. */
  history(): string
}

/** `settings`: more lines of its configuration. `shown`: by default, the composer, which takes keys then. */
export interface TmuxOptions extends Pick<TerminalOptions, 'cols' | 'rows'> {
  settings?: string
  shown?: RegExp
}

/** Starts a tmux of its own with the TUI; resolves when that shows what is wanted. */
export async function openTmuxTui(
  home: Home,
  words: readonly string[] = [],
  {settings = '', shown = /^❯/m, ...size}: TmuxOptions = {},
): Promise<TmuxTui> {
  const socket = `${home.temporary}/tmux`
  const config = `${home.temporary}/tmux.conf`
  writeFileSync(config, `set -g status off\nset -g history-limit 20000\n${settings}`)
  const command = need('tmux')
  const tmux = (...args: string[]) => execFileSync(command, ['-S', socket, ...args], {encoding: 'utf8', env: home.env})
  const args = ['-S', socket, '-f', config, 'new-session', ...home.launch(home.project, words)]
  const terminal = await openTerminal({command, args, env: home.env, cwd: home.project, ...size})
  await terminal.waitFor(shown)
  return Object.assign(terminal, {
    history: () => tmux('capture-pane', '-p', '-J', '-S', '-').replaceAll(/ +$/gm, ''),
    async [Symbol.asyncDispose]() {
      tmux('kill-server')
      await terminal.exited
      terminal.close()
    },
  })
}
