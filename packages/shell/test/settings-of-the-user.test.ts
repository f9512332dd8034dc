import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'

const FUNCTIONS = ['local', 'printf', 'set', 'read', 'trap', 'kill', 'bind', 'declare', 'unset', 'export', 'eval']
const functions = (names: readonly string[]) => names.map((name) => `${name}() { false; }`).join('; ')
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
    'LC_ALL=tr_TR.UTF-8',
    'export POSIXLY_CORRECT=1',
    'bind -r "\\e[7134~"; bind -r "\\e[7136~"; bind "set enable-bracketed-paste off"',
    'set -o vi',
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
    'unset PROMPT_EOL_MARK; unsetopt prompt_sp prompt_cr',
    functions(['local', 'printf', 'emulate', 'read', 'typeset', 'setopt', 'bindkey', 'unfunction']),
    ALIASES,
  ],
  dash: [
    'IFS=0123456789',
    'set -u',
    'set -C',
    'set -a',
    'set -f',
    'set -v',
    functions(['printf', 'tr', 'od', 'sed']),
    ALIASES,
  ],
  sh: ['IFS=0123456789', 'set -u', 'set -v', ALIASES],
  fish: [
    'bind -e --all; bind --erase --preset --all',
    'function commandline; end; function bind; end; function printf; end; function functions; end',
    'functions -e fish_prompt',
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
  await run(setting)
  expect(await run(name === 'fish' ? 'sh -c "exit 17"' : '(exit 17)')).toMatchObject({
    output: '',
    outcome: {exitCode: 17},
  })
  const echo = setting.includes('printf') ? 'echo hi' : 'printf "hi\\n"'
  expect(await run(echo)).toMatchObject({output: 'hi\r\n', outcome: {exitCode: 0}})
  expect((await run("cd 'My Project (2024)'")).outcome).toEqual({kind: 'completed', exitCode: 0, cwd: folder})
})
