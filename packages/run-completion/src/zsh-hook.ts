import {findNul} from './encode-line.ts'
import type {HookedShell, HookOptions, Keystrokes} from './hooked-shell.ts'
import {parseNonce} from './nonce.ts'
import {quotePosix} from './quote.ts'
import {escapedMarkPrefix} from './run-mark.ts'
import {createRunTracker} from './run-tracker.ts'

/** The key that makes zsh's line editor take what follows, up to the end of a paste, as its line. */
const TAKE = '\x1b[7133~'
/** The key that makes it answer whether it is still hooked. */
const PROBE = '\x1b[7134~'
/** The key that makes it throw an unfinished command away. */
const CANCEL = '\x1b[7135~'
/** The key that makes it say that it is there. */
const CALL = '\x1b[7136~'
/** It switches all attributes off, and clears what is below. */
const REDRAW = new RegExp(String.raw`\r*${'\x1b'}\[0m${'\x1b'}\[27m${'\x1b'}\[24m|${'\x1b'}\[J`)
const PASTE_ENDS = '\x1b[201~'

/**
 * zsh 5.1 or newer. It looks for its first start file in our folder; that one sends it back to the user's folder for all
 * others, and hooks the shell when they have been read, before its first prompt.
 *
 * The end mark is printed by the first of `precmd_functions`, the start mark by the last of `preexec_functions`. In the
 * place of zsh's mark of a missing newline, which comes before any function, stands one that tells where the output is over:
 * what a trace, a DEBUG trap or the user's own functions say of prompting is none. A line comes through a key of ours, so
 * that no widget of the user's changes it. History expansion is off, comments are on.
 */
export function hookZsh(options: HookOptions): HookedShell {
  const nonce = parseNonce(options.nonce)
  return {
    args: ['-i'],
    env: {ZDOTDIR: options.folder},
    files: {'.zshenv': zshenv(nonce, options.env['ZDOTDIR'])},
    createTracker: () => createRunTracker(nonce, {redraw: REDRAW}),
    enters: 'lines',
    startsLate: false,
    takesBlindly: false,
    probe: Buffer.from(PROBE),
    cancel: Buffer.from(CANCEL),
    call: Buffer.from(CALL),
    mayUnhook: () => false,
    encodeLine,
    findUntypable: findNul,
  }
}

/** Control characters are written as escapes, which the key's widget resolves. */
function encodeLine(line: string): Keystrokes {
  const escaped = line
    .replaceAll('\\', '\\\\')
    // oxlint-disable-next-line no-control-regex -- these are what is escaped
    .replaceAll(/[\x01-\x1f\x7f]/g, (key) => `\\x${key.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return {keys: Buffer.from(TAKE + escaped + PASTE_ENDS)}
}

function zshenv(nonce: string, folder: string | undefined): string {
  const prefix = escapedMarkPrefix(nonce)
  const restore = folder === undefined ? 'unset ZDOTDIR' : `export ZDOTDIR=${quotePosix(folder)}`
  return String.raw`${restore}
__holdfast_precmd() {
  { builtin local s=$? c x d=$PWD; builtin emulate -L zsh; } 2>/dev/null
  # What was typed for a program that did not read it is no command.
  while builtin read -t 0 -s -k 1 c; do :; done
  d=${'$'}{d//\%/%25}
  if [[ $d == *[[:cntrl:]]* ]]; then
    for ((c = 1; c < 128; c += c == 31 ? 96 : 1)); do
      builtin printf -v x '%%%02X' $c
      d=${'$'}{d//${'$'}{(#)c}/$x}
    done
  fi
  builtin printf '${prefix}end;%d;%s\a' $s $d >/dev/tty
}

__holdfast_preexec() {
  { builtin emulate -L zsh; } 2>/dev/null
  builtin printf '${prefix}start\a' >/dev/tty
}

__holdfast_take() {
  { builtin emulate -L zsh; } 2>/dev/null
  builtin local t
  zle .bracketed-paste t
  BUFFER=${'$'}{(g::)t}
  zle .accept-line
}

__holdfast_probe() {
  { builtin emulate -L zsh; } 2>/dev/null
  if ((! ${'$'}{precmd_functions[(I)__holdfast_precmd]})); then
    builtin printf '${prefix}unhooked\a' >/dev/tty
    __holdfast_hook
  fi
}

__holdfast_here() {
  { builtin emulate -L zsh; } 2>/dev/null
  builtin printf '${prefix}here\a' >/dev/tty
}

__holdfast_hook() {
  typeset -ga precmd_functions preexec_functions
  precmd_functions=(__holdfast_precmd ${'$'}{precmd_functions:#__holdfast_precmd})
  preexec_functions=(${'$'}{preexec_functions:#__holdfast_preexec} __holdfast_preexec)
}

__holdfast_install() {
  { builtin local k; } 2>/dev/null
  {
    __holdfast_hook
    typeset -ga zle_bracketed_paste
    zle_bracketed_paste=($'\e[?2004h' $'\e[?2004l')
    zle -N __holdfast_take
    zle -N __holdfast_probe
    zle -N __holdfast_here
    for k in emacs viins vicmd main; do
      bindkey -M $k $'\e[7133~' __holdfast_take $'\e[7134~' __holdfast_probe $'\e[7135~' send-break $'\e[7136~' __holdfast_here
    done
    typeset -g PROMPT_EOL_MARK='%{'$'${prefix}over;''%?'$'\a''%}'
    typeset +x PROMPT_EOL_MARK
    unsetopt bang_hist
    setopt interactive_comments prompt_sp
    unfunction __holdfast_install
  } 2>/dev/null
  __holdfast_precmd
}

# Runs at the first prompt, whatever the start files do.
unsetopt bang_hist
zmodload zsh/sched
sched +0 __holdfast_install
if [[ -r ${'$'}{ZDOTDIR-$HOME}/.zshenv ]]; then . ${'$'}{ZDOTDIR-$HOME}/.zshenv; fi
`
}
