/**
 * What a shell that was not started by us is made to print when a run is over, and how it is made to:
 *
 *     ESC _ <secret><token> [; <status>] ESC \        the sentinel, an APC string, which terminals do not show
 *     \eval "printf '\033_<secret><token>;%s\033\134' $?;(exit $?)"        the postamble, typed behind the command
 *
 * The secret is the coordinator's, the token the run's, 8 hex digits each: a program cannot guess them, and text that
 * only looks alike, be it from another session or of a run that is over, is a program's own. The postamble hands the
 * status on to the next command, and its escapes are spelled so that its echo is no sentinel.
 */

import {randomBytes} from 'node:crypto'

const ESCAPE = '\x1b'
const FRAME = new RegExp(String.raw`^${ESCAPE}_([0-9a-f]{8})([0-9a-f]{8})(?:;(\d{1,3}))?${ESCAPE}\\`)
const FRAME_BEGINS = new RegExp(String.raw`^${ESCAPE}_(?:[0-9a-f]{0,16}|[0-9a-f]{16}(?:;\d{0,3})?${ESCAPE}?)$`)
export const TOKEN_LENGTH = 8
/** With a status of three digits. */
const MAX_SENTINEL_BYTES = 24

export interface Sentinel {
  token: string
  exitCode: number | undefined
  length: number
}

/** A secret, or a token. */
export function createSecret(): string {
  return randomBytes(4).toString('hex')
}

/** What each sentinel of this secret begins with. */
export function sentinelPrefix(secret: string): string {
  return `\x1b_${secret}`
}

export function encodeSentinel(secret: string, token: string): string {
  return `\x1b_${secret}${token}\x1b\\`
}

/** Reads the sentinel that begins `bytes`; `cut` if more bytes may make it one. */
export function decodeSentinel(bytes: Buffer): Sentinel | 'cut' | undefined {
  const text = bytes.toString('latin1', 0, MAX_SENTINEL_BYTES)
  const found = FRAME.exec(text)
  if (found) {
    const status = found[3] === undefined ? undefined : Number(found[3])
    return {token: found[2]!, exitCode: status, length: found[0].length}
  }
  return bytes.length < MAX_SENTINEL_BYTES && FRAME_BEGINS.test(text) ? 'cut' : undefined
}

/** The postamble up to its token, and from there on; without its newline. */
export function postambleParts(secret: string): {before: string; after: string} {
  return {before: `\\eval "printf '\\033_${secret}`, after: `;%s\\033\\134' $?;(exit $?)"`}
}
