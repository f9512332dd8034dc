import {createRunTracker, markerPrefix} from '@holdfast/run-completion'

import {groupPosix, plainScript} from './command-stdio.ts'
import {findNul, showLine} from './encode-line.ts'
import type {HookedShell, HookOptions, Keystrokes, LineOptions} from './hooked-shell.ts'
import {sourceEnv} from './source-env.ts'

const QUOTE_NEXT = '\x16'
/** Twice, because text typed before may quote the first. */
const DISCARD_LINE = '\x15\x15'
const START = startCommand('')
const SYNC = `${startCommand(' synced')}\n`
const END_OF_INPUT = '\x04'
/** A terminal keeps at most 4095 bytes of a line until it passes them to the program. */
const MAX_PART_BYTES = 1000

/**
 * dash, which has no line editor: typed text goes through the terminal's own. `ENV` names its start file. `PS1` and `PS2`
 * print the end marker. A call typed before the command, on the same line, prints the start marker; it preserves `$?` and
 * `$_`, and its stderr is redirected, so that no trace shows it.
 */
export function hookDash({nonce, folder, env}: HookOptions): HookedShell {
  return {
    args: ['-i'],
    env: {ENV: `${folder}/shrc`},
    files: {shrc: shrc(nonce, env['ENV'])},
    createTracker: (mayHaveJobs) => createRunTracker(nonce, {editor: 'none', mayHaveJobs}),
    encodeLine,
    group: groupPosix,
    findUntypable: findNul,
    promptReadBytes: 8192,
    syncKeys: Buffer.from(DISCARD_LINE + SYNC),
    // Where a command is unfinished, the end of input does not end the shell.
    cancelKeys: Buffer.from(END_OF_INPUT),
  }
}

function startCommand(marker: string): string {
  return `{ __holdfast_start "\${_-}"${marker}&&: "\${_-}";} 2>/dev/null;`
}

/** The second call is for a shell without stderr. */
function markCall(marker: string): string {
  return `$({ __holdfast_mark ${marker}; } 9>&2 2>/dev/null || __holdfast_mark ${marker})`
}

function encodeLine(line: string, options: LineOptions = {}): Keystrokes {
  const {discard = false, continues = false} = options
  const text = continues || line.trim() === '' ? line : `${START}${line}`
  const bytes = Buffer.from(text)
  const parts: Uint8Array[] = [Buffer.from(discard ? DISCARD_LINE : '')]
  for (let at = 0; at < bytes.length; at += MAX_PART_BYTES) {
    if (at > 0) parts.push(Buffer.from(END_OF_INPUT))
    parts.push(quoteControls(bytes.subarray(at, at + MAX_PART_BYTES)))
  }
  return {keys: Buffer.concat([...parts, Buffer.from('\n')]), shown: showLine(text)}
}

/** A terminal may act on any control character but the tab. */
function quoteControls(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  // oxlint-disable-next-line no-control-regex -- the characters to quote
  return Buffer.from(text.replaceAll(/[\x00-\x08\x0a-\x1f\x7f]/g, `${QUOTE_NEXT}$&`), 'latin1')
}

function shrc(nonce: string, env: string | undefined): string {
  const prefix = markerPrefix(nonce).replace('\x1b', String.raw`\033`)
  return String.raw`# Called in a subshell.
__holdfast_end() {
  set -- "$?" "$PWD"
  # It may be a function of the user's.
  unset -f command
  case $2 in
    *[%[:cntrl:]]*) set -- "$1" "$(command printf %s "$2" | command od -An -v -tx1 | command tr -d '\n' | command sed 's/ \(..\)/%\1/g; y/abcdef/ABCDEF/')" ;;
  esac
  command printf '${prefix}prompt;%d;%s\007' "$1" "$2" >/dev/tty
}
${plainScript('')}__holdfast_start() {
  set -- "$?" "${'$'}{2-start}"
  __holdfast_unplain
  # If the user has set another prompt, install the hooks again.
  case ${'$'}{PS1-} in *__holdfast_end*) ;; *) __holdfast_install ;; esac
  (unset -f command; command printf '${prefix}%s\007' "$2" >/dev/tty)
  return "$1"
}
# Called in a subshell. The descriptor 9 is the user's stderr, to which dash prints its prompts. A marker becomes part of the
# prompt, but not in a file.
__holdfast_mark() {
  unset -f command
  [ -t 9 ] || exec >/dev/tty
  command printf '${prefix}%s\007' "$1"
}
# Fails if the user does not allow it.
__holdfast_install() {
  (PS1= PS2=) 2>/dev/null || return
  set -- "${'$'}{PS1-}" "${'$'}{PS2-}" '${markCall('drawn')}' '${markCall('more')}'
  unset PS1 PS2
  PS1='$({ __holdfast_end; } 2>/dev/null)'"$1$3"
  PS2="$4$2$3"
}
${sourceEnv(env)}
__holdfast_install || (unset -f command; command printf '${prefix}unhooked\007' >/dev/tty)
`
}
