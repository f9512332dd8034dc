import {encodeLine, findUntypable} from './encode-line.ts'
import type {HookedShell, HookOptions} from './hooked-shell.ts'
import {parseNonce} from './nonce.ts'
import {quotePosix} from './quote.ts'
import {sourceEnv} from './source-env.ts'
import {escapedMarkPrefix} from './run-mark.ts'
import {createRunTracker} from './run-tracker.ts'

/** The key that makes the shell answer whether it is still hooked. */
const PROBE = '\x1b[7134~'
/** The key that makes it throw an unfinished command away. */
const CANCEL = '\x1b[7135~'
/** The key that makes it say that it is there. */
const CALL = '\x1b[7136~'
/** For another size, it clears its line; it may be late. */
const REDRAW = new RegExp(String.raw`\r${'\x1b'}\[K\r`)

/** bash 4.4 or newer, whose start file `bashHook` is. */
export function hookBash({nonce, folder, env, asSh = false}: HookOptions): HookedShell {
  const file = `${folder}/bashrc`
  // Beside the folder, which is there when the first prompt comes, and gone afterwards.
  const unreadMark = `${folder}.unread`
  return {
    args: asSh ? ['-i'] : ['--rcfile', file, '-i'],
    env: asSh ? {ENV: file} : {},
    files: {bashrc: asSh ? startFile(nonce, sourceEnv(env['ENV']), unreadMark) : bashHook(nonce, {unreadMark})},
    unreadMark,
    createTracker: () => createRunTracker(nonce, {redraw: REDRAW}),
    enters: 'lines',
    startsLate: false,
    takesBlindly: false,
    probe: Buffer.from(PROBE),
    cancel: Buffer.from(CANCEL),
    call: Buffer.from(CALL),
    mayUnhook: () => false,
    encodeLine: (line, options) => ({keys: encodeLine(line, options)}),
    findUntypable,
  }
}

/**
 * The text of a start file for `bash --rcfile FILE -i` (bash 4.4 or newer). It reads the user's `~/.bashrc` as bash would
 * (bash itself reads the system's file before), then makes the shell print the marks that `createRunTracker` reads.
 *
 * The end mark is the first thing in `PROMPT_COMMAND`, the start mark the last thing in `PS0`: what the user has there stays,
 * and sees `$?` and `$_` as always. History expansion is off, so that a `!` arrives as it was sent.
 *
 * What was typed for a program that has not read it is thrown away before the prompt, which takes 10 ms. With an `unreadMark`,
 * the path of a folder, that is done only while this folder is there: made before something is typed for a program, and
 * removed when the next command begins.
 */
export function bashHook(nonce: string, {unreadMark}: {unreadMark?: string} = {}): string {
  return startFile(nonce, 'if [ -r ~/.bashrc ]; then . ~/.bashrc; fi', unreadMark)
}

function startFile(nonce: string, source: string, unreadMark: string | undefined): string {
  const prefix = escapedMarkPrefix(parseNonce(nonce))
  const mayBeUnread = unreadMark === undefined ? 'builtin :' : `[[ -d ${quotePosix(unreadMark)} ]]`
  return String.raw`case $BASH_VERSION in
  [1-3].* | 4.[0-3].*) echo "Expected bash 4.4 or newer, got bash $BASH_VERSION"; exit 1 ;;
esac

# Defined before the user's file is read, so that no alias of theirs gets into it. They may have functions with the names
# of builtins, and any option may be set: nounset, errexit, allexport, noclobber.
__holdfast_prompt() {
  builtin local __holdfast_status=$? __holdfast_folder="${'$'}{PWD-}" __holdfast_code __holdfast_hex __holdfast_character
  # What was typed for a program that did not read it is no command. In a process of its own: a wait that is over before it has
  # begun, as on a busy machine, leaves bash 5.2 with any signals blocked, for ever.
  if ${mayBeUnread}; then
    builtin : "${'$'}(IFS= builtin read -r -s -N 65536 -t 0.01 __holdfast_character </dev/tty || builtin :)"
  fi
  __holdfast_folder=${'$'}{__holdfast_folder//%/%25}
  if [[ $__holdfast_folder == *[[:cntrl:]]* ]]; then
    for ((__holdfast_code = 1; __holdfast_code < 128; __holdfast_code += __holdfast_code == 31 ? 96 : 1)); do
      builtin printf -v __holdfast_hex %02X "$__holdfast_code"
      builtin printf -v __holdfast_character "\\x$__holdfast_hex"
      __holdfast_folder=${'$'}{__holdfast_folder//"$__holdfast_character"/%$__holdfast_hex}
    done
  fi
  # To the terminal, even where the user has sent the shell's own output to a file.
  builtin printf '${prefix}end;%d;%s\a' "$__holdfast_status" "$__holdfast_folder" >/dev/tty
  if [[ ${'$'}{PS0-} != *'${prefix}start\a' ]]; then
    PS0=${'$'}{PS0-}'${prefix}start\a'
    builtin export -n PS0
  fi
  if [[ ${'$'}{__holdfast_trap-} ]]; then
    builtin eval "$__holdfast_trap"
    builtin unset __holdfast_trap
  fi
  # Commands are typed into the line editor, as a paste; it says by this when it waits for one.
  builtin bind 'set enable-bracketed-paste on'
  builtin return "$__holdfast_status"
}

__holdfast_probe() {
  if [[ ${'$'}{PROMPT_COMMAND[*]-} != *__holdfast_prompt* ]]; then
    builtin printf '${prefix}unhooked\a' >/dev/tty
    __holdfast_install
  fi
}

__holdfast_here() {
  builtin printf '${prefix}here\a' >/dev/tty
}

# Only SIGINT makes bash do so. Where it is ignored or trapped, that is taken up again by the prompt which follows.
__holdfast_cancel() {
  __holdfast_trap=$(builtin trap -p INT)
  builtin trap - INT
  builtin kill -INT $$
}

__holdfast_install() {
  builtin local __holdfast_status=$?
  # They may be read-only.
  if ! (PROMPT_COMMAND= PS0=) 2>/dev/null; then
    builtin printf '${prefix}unhooked\a' >/dev/tty
    builtin return "$__holdfast_status"
  fi
  builtin set +o histexpand
  # Nobody is to see this line: not a trace, and not what a DEBUG trap says of it. As the left side of '&&' it hands its
  # status on and neither 'set -e' nor an ERR trap takes it for a failure.
  PROMPT_COMMAND='{ __holdfast_prompt "$_" && : "$_"; } &>/dev/null'${'$'}{PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
  builtin export -n PROMPT_COMMAND
  for REPLY in emacs vi-insert vi-command; do
    builtin bind -m "$REPLY" -x '"\e[7134~":__holdfast_probe'
    builtin bind -m "$REPLY" -x '"\e[7135~":__holdfast_cancel'
    builtin bind -m "$REPLY" -x '"\e[7136~":__holdfast_here'
  done 2>/dev/null
  builtin unset REPLY
  builtin return "$__holdfast_status"
}

${source}
__holdfast_install && :
`
}
