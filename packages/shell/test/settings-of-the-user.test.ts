import {existsSync, readFileSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'

const FUNCTIONS = [
  'local',
  'printf',
  'set',
  'read',
  'trap',
  'kill',
  'bind',
  'declare',
  'unset',
  'export',
  'eval',
  'shopt',
]
const functions = (names: readonly string[]) =>
  names.map((name) => `${name}() { echo seen; echo seen >&2; false; }`).join('; ')
const ALIASES = 'alias printf=false local=false builtin=false command=false return=false set=false'

const SETTINGS: Readonly<Record<ShellName, readonly string[]>> = {
  bash: [
    'set -k',
    'IFS=0123456789',
    'set -v',
    'set -u',
    'set -C',
    'set -a',
    'set -f',
    'set -o posix',
    'set -E; trap "echo trapped >/dev/null" ERR DEBUG RETURN',
    'shopt -s extdebug',
    'shopt -s failglob nullglob nocasematch xpg_echo',
    '{ LC_ALL=tr_TR.UTF-8; } 2>/dev/null',
    'export POSIXLY_CORRECT=1',
    'bind -r "\\e[7134~"; bind -r "\\e[7136~"; bind "set enable-bracketed-paste off"',
    'set -o vi',
    'bind -r "\\C-m"; bind -r "\\C-j"; bind -r "\\C-u"; bind -r "\\C-v"',
    'bind "\\C-m: self-insert"',
    'bind "\\C-m: possible-completions"',
    `bind '"\\C-m": "\\C-x\\C-m"'`,
    'bind -r "\\e[200~"',
    `bind '"\\e[200~": "paste"'; bind '"\\e": "escape"'`,
    'bind "set keymap vi-command"',
    'bind "set keymap emacs-ctlx"',
    'set -o vi; bind "set keymap vi-command"; bind "set keyseq-timeout 1"',
    'bind "set convert-meta on"; bind "set input-meta off"; bind "set output-meta off"',
    'bind "set show-mode-in-prompt on"; bind "set mark-modified-lines on"; bind "set bell-style visible"',
    'bind "set horizontal-scroll-mode on"; bind "set revert-all-at-newline on"; bind "set enable-keypad on"',
    'set +o emacs',
    'set -o vi; set +o vi',
    'TERM=dumb',
    'unset TERM',
    'shopt -u promptvars',
    functions(FUNCTIONS),
    ALIASES,
  ],
  zsh: [
    'setopt sh_word_split',
    'setopt sh_word_split; IFS=0123456789',
    'setopt glob_subst ksh_arrays null_glob extended_glob posix_builtins',
    'setopt no_unset err_return warn_create_global',
    'setopt no_clobber all_export no_multi_os ignore_braces',
    'setopt verbose',
    'emulate sh',
    'emulate ksh',
    'emulate csh',
    'unset zle_bracketed_paste',
    'unsetopt zle',
    'bindkey -d',
    'bindkey -v',
    'bindkey -a -r "^M"; bindkey -r "^M"; bindkey "^[[200~" beep; KEYTIMEOUT=1',
    'disable zle',
    'disable printf',
    'accept-line() { echo seen; }; zle -N accept-line; bracketed-paste() { echo seen; }; zle -N bracketed-paste',
    'zle-line-init() { zle -M seen; }; zle-line-finish() { :; }; zle -N zle-line-init; zle -N zle-line-finish',
    'TERM=dumb',
    'unset PROMPT_EOL_MARK; unsetopt prompt_sp prompt_cr',
    functions([
      'local',
      'printf',
      'print',
      'emulate',
      'read',
      'typeset',
      'setopt',
      'bindkey',
      'unfunction',
      'zle',
      'enable',
    ]),
    ALIASES,
  ],
  dash: [
    'IFS=0123456789',
    'set -u',
    'set -C',
    'set -a',
    'set -f',
    'set -v',
    functions(['printf', 'tr', 'od', 'sed', 'command', 'test']),
    ALIASES,
  ],
  sh: ['IFS=0123456789', 'set -u', 'set -v', ALIASES, functions(['printf', 'command'])],
  fish: [
    'bind -e --all; bind --erase --preset --all',
    'function commandline; end; function bind; end; function printf; end; function functions; end',
    'functions -e fish_prompt',
    'fish_vi_key_bindings',
    'set -g fish_bind_mode replace',
    'set -g fish_bind_mode mine',
    'set -g IFS 0123456789',
  ],
}

const CASES = Object.entries(SETTINGS).flatMap(([name, all]) =>
  all.map((setting) => [name as ShellName, setting] as const),
)

test.each(CASES)('%s with %s reports output, status and folder as before', async (name, setting) => {
  const {run, home} = await temporaryShell('', {name})
  const folder = join(home, 'My Project (2024)')
  await mkdir(folder)
  expect(await run(setting)).toMatchObject({output: '', outcome: {kind: 'completed'}})
  expect(await run(name === 'fish' ? 'sh -c "exit 17"' : '(exit 17)')).toMatchObject({
    output: '',
    outcome: {exitCode: 17},
  })
  const echo = setting.includes('printf') ? 'echo hi' : 'printf "hi\\n"'
  expect(await run(echo)).toMatchObject({output: 'hi\r\n', outcome: {exitCode: 0}})
  expect((await run("cd 'My Project (2024)'")).outcome).toEqual({kind: 'completed', exitCode: 0, cwd: folder})
})

/** What the user redirects in the shell itself. In fish, and without stdin in most, this ends the shell. */
const REDIRECTIONS = ['2>log', '2>/dev/null', '>log', '>log 2>&1', '>&-', '2>&-', '2>/dev/tty'] as const
const REDIRECTED = (['bash', 'zsh', 'dash', 'sh'] as const).flatMap((name) =>
  REDIRECTIONS.map((redirection) => [name, redirection] as const),
)

test.each(REDIRECTED)(
  '%s after exec %s reports output and status, and puts no marker into the file',
  async (name, to) => {
    const {run, home} = await temporaryShell("PS1='prompt> ' PS2='more> '", {name})
    const {outcome} = await run(`exec ${to}`)
    // bash cannot run its PROMPT_COMMAND, and gets another stderr for the next commands.
    if (to !== '2>&-' || name !== 'bash') expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
    // Without stderr, it shows nothing when it asks for more.
    const isSilent = name === 'bash' && to.includes('2>') && to !== '2>&-' && to !== '2>/dev/tty'
    const isShown = !to.startsWith('>')
    const hello = await run('/bin/echo hi; (exit 17)')
    expect(hello.outcome).toMatchObject({kind: 'completed', exitCode: 17})
    if (to !== '>&-') expect(hello.output).toBe(isShown ? 'hi\r\n' : '')
    expect(await run('cat <<E\na\nE')).toMatchObject(isShown ? {output: 'a\r\n', outcome: {exitCode: 0}} : {})
    const unfinished = await run('echo $((1 +')
    expect(unfinished.outcome.kind).toBe(isSilent ? 'exit-status-unknown' : 'incomplete-input')
    expect(await run('(exit 3)')).toMatchObject({output: '', outcome: {kind: 'completed', exitCode: 3}})
    expect(await run('exec >/dev/tty 2>&1')).toMatchObject({output: '', outcome: {kind: 'completed', exitCode: 0}})
    expect(await run('echo back')).toMatchObject({output: 'back\r\n', outcome: {kind: 'completed', exitCode: 0}})
    const log = join(home, 'log')
    if (existsSync(log)) expect(readFileSync(log, 'utf8')).not.toContain('7133;')
  },
)

test.each([
  ['bash', 'bind -r "\\e[200~"; bind "\\C-m: self-insert"'],
  ['bash', 'bind "set keymap vi-command"'],
  ['bash', 'set +o emacs'],
  ['bash', 'set -o vi; bind "set keyseq-timeout 1"'],
  ['zsh', 'bindkey "^[[200~" beep; bindkey -v; KEYTIMEOUT=1'],
] as const)('%s after %s runs a prompt whole, in the right folder, with its escapes', async (name, setting) => {
  const {run} = await temporaryShell('', {name})
  await run(setting)
  const text = `cd / && true; printf '%s' 'a\x1bb\rc\x1b[201~d' "$PWD"; cat <<'E'; (exit 3)\n\té\nE`
  expect(await run(text)).toEqual({
    output: 'a\x1bb\rc\x1b[201~d/\té\r\n',
    outcome: {kind: 'completed', exitCode: 3, cwd: '/'},
  })
})

test.each(['correct', 'correct_all'])('zsh with %s runs a mistyped command as it is', async (option) => {
  const {run} = await temporaryShell(`setopt ${option}`, {name: 'zsh'})
  expect(await run('ehco hi')).toMatchObject({
    output: 'zsh: command not found: ehco\r\n',
    outcome: {kind: 'completed', exitCode: 127},
  })
})
