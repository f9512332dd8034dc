import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'

import {need} from '../../../../tooling/vitest/need.ts'
import type {Home} from './home.ts'
import {openTerminal, type Terminal, type TerminalOptions} from './terminal.ts'

/** Starts the TUI in a GNU screen of its own in a real terminal; resolves when its composer takes keys. */
export async function openScreenTui(
  home: Home,
  words: readonly string[] = [],
  size: Pick<TerminalOptions, 'cols' | 'rows'> = {},
): Promise<Terminal> {
  const config = `${home.temporary}/screenrc`
  writeFileSync(config, 'startup_message off\nvbell off\ndefutf8 on\n')
  const env = {...home.env, SCREENDIR: `${home.temporary}/screens`, LC_ALL: 'C.UTF-8'}
  const command = need('screen')
  const args = ['-S', 'holdfast', '-c', config, '-U', ...home.launch(home.project, words)]
  const terminal = await openTerminal({command, args, env, cwd: home.project, ...size})
  await terminal.waitFor(/^❯/m)
  return Object.assign(terminal, {
    async [Symbol.asyncDispose]() {
      execFileSync(command, ['-S', 'holdfast', '-X', 'quit'], {env})
      await terminal.exited
      terminal.close()
    },
  })
}
