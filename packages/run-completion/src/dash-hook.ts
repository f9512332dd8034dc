import {findNul} from './encode-line.ts'
import type {HookedShell, HookOptions, Keystrokes, LineOptions} from './hooked-shell.ts'
import {parseNonce} from './nonce.ts'
import {escapedMarkPrefix} from './run-mark.ts'
import {createRunTracker} from './run-tracker.ts'
import {sourceEnv} from './source-env.ts'

const QUOTE_NEXT = '\x16'
/** Twice: what was typed before may quote the first. */
const DISCARD_LINE = '\x15\x15'
/** It keeps `$?`, and hands `$_` on. */
const START = start('')
const CALL = `${start(' here')}\n`
const HAND_ON = '\x04'
/** A terminal keeps no more than 4095 bytes of a line that is not yet handed on. */
const MAX_PART_BYTES = 1000

/**
 * dash, which has no line editor: what is typed goes through the terminal's own. Its start file is what ENV names. The end
 * mark is printed by PS1 and PS2, the start mark by what is typed before the command, on the same line: it keeps `$?` and
 * `$_`, and as its stderr is closed no trace shows it.
 */
export function hookDash(options: HookOptions): HookedShell {
  const nonce = parseNonce(options.nonce)
  return {
    args: ['-i'],
    env: {ENV: `${options.folder}/shrc`},
    files: {shrc: shrc(nonce, options.env['ENV'])},
    createTracker: () => createRunTracker(nonce, {editor: 'terminal'}),
    enters: 'lines',
    startsLate: false,
    takesBlindly: true,
    probe: undefined,
    // The end of its input, which is no end of the shell where a command is unfinished.
    cancel: Buffer.from(HAND_ON),
    call: Buffer.from(DISCARD_LINE + CALL),
    mayUnhook: (command) => /\bPS[12]=/.test(command),
    encodeLine,
    findUntypable: findNul,
  }
}

function start(word: string): string {
  return `{ __holdfast_start "\${_-}"${word}&&: "\${_-}";} 2>/dev/null;`
}

function encodeLine(line: string, options: LineOptions = {}): Keystrokes {
  const {discard = false, continues = false} = options
  const text = continues || line.trim() === '' ? line : `${START}${line}`
  const bytes = Buffer.from(text)
  const parts: Uint8Array[] = [Buffer.from(discard ? DISCARD_LINE : '')]
  for (let at = 0; at < bytes.length; at += MAX_PART_BYTES) {
    if (at > 0) parts.push(Buffer.from(HAND_ON))
    parts.push(quoteControls(bytes.subarray(at, at + MAX_PART_BYTES)))
  }
  return {keys: Buffer.concat([...parts, Buffer.from('\n')])}
}

/** All control characters but the tab mean something to a terminal, or may. */
function quoteControls(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  // oxlint-disable-next-line no-control-regex -- these are what is quoted
  return Buffer.from(text.replaceAll(/[\x00-\x08\x0a-\x1f\x7f]/g, `${QUOTE_NEXT}$&`), 'latin1')
}

function shrc(nonce: string, env: string | undefined): string {
  const prefix = escapedMarkPrefix(nonce).replaceAll(String.raw`\e`, String.raw`\033`)
  return String.raw`__holdfast_end() {
  set -- "$?" "$PWD"
  case $2 in
    *[%[:cntrl:]]*) set -- "$1" "$(command printf %s "$2" | command od -An -v -tx1 | command tr -d '\n' | command sed 's/ \(..\)/%\1/g; y/abcdef/ABCDEF/')" ;;
  esac
  command printf '${prefix}prompt;%d;%s\007' "$1" "$2" >/dev/tty
}
__holdfast_start() {
  set -- "$?" "${'$'}{2-start}"
  # Where the user has set another prompt, it is hooked again.
  case ${'$'}{PS1-} in *__holdfast_end*) ;; *) __holdfast_install ;; esac
  command printf '${prefix}%s\007' "$2" >/dev/tty
  return "$1"
}
__holdfast_install() {
  set -- "${'$'}{PS1-}" "${'$'}{PS2-}" "$(command printf '${prefix}drawn\007')" "$(command printf '${prefix}more\007')"
  unset PS1 PS2
  PS1='$({ __holdfast_end; } 2>/dev/null)'"$1$3"
  PS2="$4$2$3"
}
${sourceEnv(env)}
__holdfast_install
`
}
