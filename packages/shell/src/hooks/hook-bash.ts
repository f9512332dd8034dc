import {createRunTracker, markerPrefix} from '@holdfast/run-completion'

import {DISCARD_DESCRIPTOR} from '../discard-descriptor.ts'
import {MESSAGE_BEGINS, MESSAGE_ENDS} from '../message-marks.ts'
import {encodeLine, findUntypable, LINE_KEYS, showLine} from './encode-line.ts'
import {groupPosix, plainScript} from './command-stdio.ts'
import type {HookedShell, HookOptions} from './hooked-shell.ts'
import {quotePosix} from './quote.ts'
import {sourceEnv} from './source-env.ts'
import {stateCall} from './state-call.ts'

/** The key on which bash answers whether it still has the hooks. */
const PROBE = '\x1b[7134~'
/** The key on which it discards an unfinished command. */
const CANCEL = '\x1b[7135~'
/** The key on which it answers `synced`. */
const SYNC = '\x1b[7136~'
/** The first line of `PROMPT_COMMAND`, which `set -v` shows. On the left of '&&', the status is preserved without an ERR trap. */
const PROMPT_LINE = '{ __holdfast_prompt "$?" "$_" && : "$_"; } 9>&2 &>/dev/null'
/** Longer prompts, encoded, are not reported: each character has up to 4 bytes, and a marker up to 16 KiB. */
const MAX_PROMPT_CHARACTERS = 3500
/** Typed where bash reads without its line editor, which only a command can switch on. */
const EDITOR_LINE = '\x15\x15{ __holdfast_edit "$?" "$_" && : "$_"; } &>/dev/null\n'
/** Prints the start marker to the terminal where the user has redirected stderr, to which bash prints `PS0`. */
const START_CALL = '$({ __holdfast_start; } &>/dev/null)'
/** Before it runs what a key is bound to, and after a resize, which it may notice late, bash clears its line. */
const REDRAW = new RegExp(String.raw`\r${'\x1b'}\[K\r`)

/** bash 4.4 or newer. */
export function hookBash({nonce, folder, env, stateLink, asSh = false}: HookOptions): HookedShell {
  const file = `${folder}/bashrc`
  const unreadFlag = `${folder}/unread`
  const source = asSh ? sourceEnv(env['ENV']) : 'if [ -r ~/.bashrc ]; then . ~/.bashrc; fi'
  return {
    args: asSh ? ['-i'] : ['--rcfile', file, '-i'],
    env: asSh ? {ENV: file} : {},
    files: {bashrc: startFile({nonce, source, unreadFlag, stateLink, asSh})},
    createTracker: (mayHaveJobs) => createRunTracker(nonce, {redraw: REDRAW, hookEcho: PROMPT_LINE, mayHaveJobs}),
    encodeLine: (line, options) => ({keys: encodeLine(line, options), shown: showLine(line)}),
    group: groupPosix,
    tellsJobsLate: true,
    findUntypable,
    promptReadBytes: 1024,
    probeKeys: Buffer.from(PROBE),
    syncKeys: Buffer.from(SYNC),
    cancelKeys: Buffer.from(CANCEL),
    editorKeys: Buffer.from(EDITOR_LINE),
    unreadFlag,
  }
}

interface StartFileOptions {
  nonce: string
  source: string
  unreadFlag: string
  stateLink: string | undefined
  asSh: boolean
}

/**
 * An interactive bash prints the line `exit` when that ends it. A marker before it tells this line from output. As sh, bash does
 * not let anybody define such a function.
 */
const leaveScript = (prefix: string) => String.raw`
# Called with the status. A subshell prints no line. The descriptor 9 is the user's stderr.
__holdfast_leave() {
  [[ $BASH_SUBSHELL != 0 || ! -t 9 ]] || __holdfast_print '${prefix}leaving\a'
  builtin return "$1"
}

# Neither the status that 'exit' takes without an argument nor what 'set -x' shows changes; a DEBUG trap prints nothing of the hooks.
# While jobs are stopped, bash refuses the first 'exit', and obeys one right behind another 'exit' or 'jobs', not behind a function.
exit() {
  { builtin local - "__holdfast_status=$?"; builtin set +x; } &>/dev/null
  if { [[ ${'$'}{__holdfast_refused:-0} != 0 ]]; } &>/dev/null; then
    { __holdfast_leave 0; } 9>&2 &>/dev/null
    command jobs &>/dev/null
    builtin exit "${'$'}{@:-$__holdfast_status}"
  fi
  { __holdfast_leave "$__holdfast_status" && :; } 9>&2 &>/dev/null
  builtin exit "$@"
  __holdfast_refused=2
}
`

/**
 * The start file. It sources the user's start file as bash would, then makes the shell print markers: the end marker first in
 * `PROMPT_COMMAND`, the start marker last in `PS0`. The user's own commands there stay, and see the same `$?` and `$_`.
 * History expansion is off, so that a `!` arrives as it was sent.
 */
function startFile({nonce, source, unreadFlag, stateLink, asSh}: StartFileOptions): string {
  const prefix = markerPrefix(nonce).replace('\x1b', '\\e')
  const lineKeys = Object.entries(LINE_KEYS)
    .map(([name, key]) => `    builtin bind -m "$__holdfast_keys" '"${key.replace('\x1b', '\\e')}":${name}'`)
    .join('\n')
  return String.raw`case $BASH_VERSION in
  [1-3].* | 4.[0-3].*) echo "This is bash $BASH_VERSION: use bash 4.4 or newer, or another shell"; exit 1 ;;
esac

# Defined before the user's start file is sourced, so that no alias changes these functions. The user may have functions
# named like builtins, IFS may contain anything, and any option may be set: nounset, errexit, allexport, noclobber, and
# keyword, which takes assignments away from the arguments of a command. Called with the status and $_.
__holdfast_prompt() {
  builtin local __holdfast_start __holdfast_value __holdfast_file __holdfast_character __holdfast_jobs
  __holdfast_value=${'$'}{PWD-}
  __holdfast_file=
  __holdfast_jobs='\j'
  # Input that a program left unread is not a command. A subshell discards it, within 10 ms, because a timeout that expires
  # before the read begins, as on a busy machine, leaves bash 5.2 with arbitrary signals blocked for good. The descriptor says
  # that this is no command that reads.
  if [[ -d ${quotePosix(unreadFlag)} ]]; then
    builtin : "${'$'}(IFS= builtin read -r -s -N 65536 -t 0.01 -u ${DISCARD_DESCRIPTOR} __holdfast_character ${DISCARD_DESCRIPTOR}</dev/tty || builtin :)"
  fi
  __holdfast_encode
  [[ ! -o history || ${'$'}{HISTFILE-} == *[[:cntrl:]]* ]] || __holdfast_file=${'$'}{HISTFILE-}
  __holdfast_print '${prefix}history;%s\a${prefix}end;%d;%s\a' "${'$'}{__holdfast_file//%/%25}" "$1" "$__holdfast_value"
  [[ ${'$'}{__holdfast_jobs@P} == 0 ]] || builtin : "${'$'}(__holdfast_shows "$1")"
  if [[ ${'$'}{__holdfast_trap-} ]]; then
    builtin eval "$__holdfast_trap"
    builtin unset __holdfast_trap
  fi
  # An 'exit' in the next command is right behind a refused one in the last.
  [[ ${'$'}{__holdfast_refused:-0} == 0 ]] || ((__holdfast_refused -= 1))
  __holdfast_unplain
  # Not while a line is read: bash would print freed memory.
  __holdfast_start='${prefix}start\a'
  # The descriptor 9 is the user's stderr.
  if [[ ! /dev/fd/9 -ef /dev/fd/0 ]]; then
    __holdfast_start='${START_CALL}'
    builtin shopt -s promptvars
  fi
  if [[ ${'$'}{PS0-} != *"$__holdfast_start" ]]; then
    PS0=${'$'}{PS0-}
    PS0=${'$'}{PS0%'${prefix}start\a'}
    PS0=${'$'}{PS0%'${START_CALL}'}$__holdfast_start
    builtin export -n PS0
  fi
  __holdfast_prepare
  ${stateCall(stateLink)}
  builtin return "$1"
}

# Percent-encodes $__holdfast_value.
__holdfast_encode() {
  builtin local __holdfast_code __holdfast_hex __holdfast_character
  __holdfast_value=${'$'}{__holdfast_value//%/%25}
  if [[ $__holdfast_value == *[[:cntrl:]]* ]]; then
    for ((__holdfast_code = 1; __holdfast_code < 128; __holdfast_code += __holdfast_code == 31 ? 96 : 1)); do
      builtin printf -v __holdfast_hex %02X "$__holdfast_code"
      builtin printf -v __holdfast_character "\\x$__holdfast_hex"
      __holdfast_value=${'$'}{__holdfast_value//"$__holdfast_character"/%$__holdfast_hex}
    done
  fi
}

# While jobs exist, which may print among the prompts, reports what bash will draw for them, if no command of the user's in
# PROMPT_COMMAND changes it: a line of ours behind these would be a command for the user's DEBUG trap, which may take it for
# the next one. In a subshell, because what the prompt runs may fail or count. Called with the status.
__holdfast_shows() {
  builtin local __holdfast_value __holdfast_command
  builtin set +e
  builtin trap - DEBUG ERR RETURN
  # The numbers of the last command.
  __holdfast_value='\# \!'
  __holdfast_value=${'$'}{__holdfast_value@P}
  __holdfast_command=${'$'}{PS1//'\#'/${'$'}((${'$'}{__holdfast_value% *} + 1))}
  __holdfast_command=${'$'}{__holdfast_command//'\!'/${'$'}((${'$'}{__holdfast_value#* } + 1))}
  __holdfast_return "$1"
  __holdfast_value=${'$'}{__holdfast_command@P}
  __holdfast_encode
  __holdfast_command=${'$'}{__holdfast_value//;/%3B}
  __holdfast_value=${'$'}{PS2@P}
  __holdfast_encode
  __holdfast_value=$__holdfast_command';'${'$'}{__holdfast_value//;/%3B}
  ((${'$'}{#__holdfast_value} > ${MAX_PROMPT_CHARACTERS})) || __holdfast_print '${prefix}shows;%s\a' "$__holdfast_value"
}

__holdfast_return() {
  builtin return "$1"
}

${plainScript('builtin ')}
# Prints what completions depend on.
__holdfast_state() {
  builtin printf '${MESSAGE_BEGINS}'
  builtin shopt -p
  builtin declare -p
  builtin declare -f
  builtin alias -p
  builtin complete -p
  builtin printf '${MESSAGE_ENDS}'
}

# What a command needs, whatever the one before has changed.
__holdfast_prepare() {
  builtin local __holdfast_keys
  # Commands are pasted into the line editor, which prints this mode's escape sequence when it waits for one.
  [[ -o emacs || -o vi ]] || builtin set -o emacs
  builtin bind 'set enable-bracketed-paste on'
  [[ ! -o emacs ]] || builtin bind 'set keymap emacs'
  # Else the line editor prints a pasted line twice.
  builtin bind 'set enable-active-region off'
  for __holdfast_keys in emacs vi-insert vi-command; do
    # Without stderr, PROMPT_COMMAND fails, and so does this: bash gets another one.
    builtin bind -m "$__holdfast_keys" -x '"\e[7134~":{ __holdfast_probe; } 9>&2 &>/dev/null || [[ -e /dev/fd/2 ]] || exec 2>/dev/tty'
    builtin bind -m "$__holdfast_keys" -x '"\e[7135~":__holdfast_cancel'
    builtin bind -m "$__holdfast_keys" -x '"\e[7136~":{ __holdfast_sync; } &>/dev/null'
${lineKeys}
  done
}

# Prints to the terminal what printf makes of its arguments, even if the user has redirected the output of the shell. Where
# 'builtin' is a function of the user's, it prints nothing, not even what that function prints.
__holdfast_print() {
  builtin local __holdfast_text
  builtin printf -v __holdfast_text "$@"
  [[ ! ${'$'}{__holdfast_text-} ]] || builtin printf %s "$__holdfast_text" >/dev/tty
}

__holdfast_start() {
  __holdfast_print '${prefix}start\a'
}

__holdfast_probe() {
  if [[ ${'$'}{PROMPT_COMMAND[*]-} == *__holdfast_prompt* && $(builtin declare -f __holdfast_prompt) == *'${nonce}'* ]]; then
    __holdfast_print '${prefix}hooked\a'
  else
    __holdfast_print '${prefix}unhooked\a'
    __holdfast_install
  fi
}

__holdfast_sync() {
  __holdfast_print '${prefix}synced\a'
}
${asSh ? '' : leaveScript(prefix)}
# Called with the status and $_, by a line that is not the user's.
__holdfast_edit() {
  builtin history -d "${'$'}{HISTCMD-}"
  builtin set -o emacs
  __holdfast_probe
  builtin return "$1"
}

# Only SIGINT makes bash discard an unfinished command. The next prompt restores the user's trap.
__holdfast_cancel() {
  __holdfast_trap=$(builtin trap -p INT)
  builtin trap - INT
  builtin kill -INT $$
}

# Called with the status.
__holdfast_install() {
  # Both variables may be read-only.
  if (PROMPT_COMMAND= PS0=) 2>/dev/null; then
    builtin set +o histexpand
    PROMPT_COMMAND='${PROMPT_LINE}'${'$'}{PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
    builtin export -n PROMPT_COMMAND
    __holdfast_prepare 2>/dev/null
  else
    __holdfast_print '${prefix}unhooked\a'
  fi
  builtin return "${'$'}{1-0}"
}

${source}
__holdfast_install "$?" && :
`
}
