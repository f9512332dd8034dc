import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'
import {typeByHand} from './fixtures/type-by-hand.ts'

const commands = [
  'echo one',
  'echo one',
  ' echo kept out',
  'for i in 1 2\ndo echo $i\ndone',
  "echo 'two\nlines'",
  'echo ü \\\\',
  'true',
]
const fishCommands = commands.map((command) => command.replace(/\ndo /, '\n').replace(/\ndone$/, '\nend'))

const bashFile = '.bash_history'
const zshFile = '.zsh_history'
const fishFile = '.local/share/fish/fish_history'
const zsh = `HISTFILE=~/${zshFile}; HISTSIZE=100; SAVEHIST=100`

/** Times differ from one run to the next. */
const withoutTimes = (text: string) => text.replace(/^(#|: | {2}when: )\d+/gm, '$1')

test.each<[ShellName, string, string]>([
  ['bash', '', bashFile],
  ['bash', 'HISTCONTROL=ignoreboth', bashFile],
  ['bash', "HISTCONTROL=erasedups; HISTIGNORE='true*'", bashFile],
  ['bash', "shopt -s histappend; PROMPT_COMMAND='history -a'", bashFile],
  ['bash', "HISTTIMEFORMAT='%F %T '", bashFile],
  ['bash', "HISTTIMEFORMAT='%F '; shopt -s lithist", bashFile],
  ['bash', 'shopt -u cmdhist', bashFile],
  ['bash', 'HISTFILE=~/other', 'other'],
  ['bash', 'unset HISTFILE', bashFile],
  ['bash', 'set +o history', bashFile],
  ['zsh', '', zshFile],
  ['zsh', zsh, zshFile],
  ['zsh', `${zsh}; setopt hist_ignore_space hist_ignore_dups`, zshFile],
  ['zsh', `${zsh}; setopt extended_history inc_append_history`, zshFile],
  ['zsh', `${zsh}; setopt share_history hist_reduce_blanks`, zshFile],
  ['fish', '', fishFile],
  ['fish', 'set -g fish_history work', '.local/share/fish/work_history'],
  ['fish', "set -g fish_history ''", fishFile],
])(
  '%s with `%s` keeps in its history what it keeps of lines typed by hand, and says where',
  async (name, settings, file) => {
    const startFile = `${settings}\n`
    const entered = name === 'fish' ? fishCommands : commands
    const {run, shell, home} = await temporaryShell(startFile, {name})
    for (const command of entered) await run(command)
    const {history} = shell
    await shell.close({graceMs: 20_000})
    const lines = name === 'fish' ? entered.map(asPasted) : entered.flatMap((command) => command.split('\n'))
    const byHand = await typeByHand(name, startFile, lines, {end: 'hang-up'})
    const fileIn = (folder: string) =>
      existsSync(join(folder, file)) ? withoutTimes(readFileSync(join(folder, file), 'utf8')) : undefined
    const kept = fileIn(byHand.home)
    expect(fileIn(home)).toBe(kept)
    expect(history).toEqual(kept === undefined ? undefined : {format: name, path: join(home, file)})
  },
)

test.each([undefined, 'ls *:true'])(
  'a bash with the sentinel keeps the commands, and no postamble, with HISTIGNORE=%s',
  async (HISTIGNORE) => {
    const startFile = "readonly PROMPT_COMMAND; PS1='$ '\n"
    const {run, shell, home} = await temporaryShell(startFile, {name: 'bash', env: {HISTIGNORE}})
    expect(shell.strategy).toBe('sentinel')
    for (const command of commands) await run(command)
    await shell.close({graceMs: 20_000})
    const kept = readFileSync(join(home, bashFile), 'utf8').split('\n')
    expect(kept.filter((line) => line.includes('printf'))).toEqual([])
    expect(kept.filter((line) => line === 'echo one')).toHaveLength(2)
    expect(kept.filter((line) => line === 'true')).toHaveLength(HISTIGNORE === undefined ? 1 : 0)
  },
)

test('a bash that is closed while it still draws its prompt keeps its history', async () => {
  const {run, shell, home} = await temporaryShell("readonly PROMPT_COMMAND; PS1='$(sleep 0.01)$ '", {name: 'bash'})
  await run('echo one')
  await run('echo two')
  await shell.close({graceMs: 20_000})
  expect(readFileSync(join(home, bashFile), 'utf8')).toBe('echo one\necho two\n')
})

function asPasted(command: string): string {
  return command.includes('\n') ? `\x1b[200~${command}\x1b[201~` : command
}
