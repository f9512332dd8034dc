/**
 * A shell without hooks prints the sentinel at the end of a command:
 *
 *     ESC _ <secret><token> [; <status>] ESC \        the sentinel, an APC string: terminals do not display it
 *     \eval "printf '\033_<secret><token>;%s\033\134' $?;(exit $?)"        the postamble, typed after the command
 *
 * The secret belongs to the coordinator, the token to the run; each has 8 hex digits. A program cannot guess them, so text
 * that looks alike, from another session or from a run that has ended, is ordinary output. The postamble preserves `$?`
 * for the next command, and spells its escapes so that its own echo is not a sentinel.
 */

import {latin1} from '../bytes.ts'
import {randomHex} from '../random-hex.ts'

const ESCAPE = '\x1b'
const FRAME = new RegExp(String.raw`^${ESCAPE}_([0-9a-f]{8})([0-9a-f]{8})(?:;(\d{1,3}))?${ESCAPE}\\`)
const FRAME_BEGINS = new RegExp(String.raw`^${ESCAPE}_(?:[0-9a-f]{0,16}|[0-9a-f]{16}(?:;\d{0,3})?${ESCAPE}?)$`)
const TOKEN_LENGTH = 8
/** With a status of three digits. */
const MAX_SENTINEL_BYTES = 24

export interface Sentinel {
  token: string
  exitCode: number | undefined
  length: number
}

/** Creates a secret or a token. */
export function createSecret(): string {
  return randomHex(TOKEN_LENGTH / 2)
}

/** The bytes with which each sentinel of this secret begins. */
export function sentinelPrefix(secret: string): string {
  return `\x1b_${secret}`
}

export function encodeSentinel(secret: string, token: string): string {
  return `\x1b_${secret}${token}\x1b\\`
}

/** Reads the sentinel at the beginning of `bytes`; `cut` if the bytes end inside a possible one. */
export function decodeSentinel(bytes: Uint8Array): Sentinel | 'cut' | undefined {
  const text = latin1(bytes.subarray(0, MAX_SENTINEL_BYTES))
  const found = FRAME.exec(text)
  if (found) {
    const exitCode = found[3] === undefined ? undefined : Number(found[3])
    return {token: found[2]!, exitCode, length: found[0].length}
  }
  return bytes.length < MAX_SENTINEL_BYTES && FRAME_BEGINS.test(text) ? 'cut' : undefined
}

/** The postamble before its token and after it, without its newline. */
export function postambleParts(secret: string): {before: string; after: string} {
  return {before: `\\eval "printf '\\033_${secret}`, after: `;%s\\033\\134' $?;(exit $?)"`}
}
