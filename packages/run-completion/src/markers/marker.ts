/**
 * Shell-integration markers: a shell with hooks prints them around each command, in the manner of OSC 133.
 *
 *     ESC ] 7133 ; <nonce> ; start BEL                           a command begins
 *     ESC ] 7133 ; <nonce> ; over ; <status> BEL                 its output is over; output of the shell follows, up to `end`
 *     ESC ] 7133 ; <nonce> ; end ; <status> ; <folder> BEL       the shell is back, before its next prompt
 *     ESC ] 7133 ; <nonce> ; prompt ; <status> ; <folder> BEL    the same, and the shell accepts the next command
 *     ESC ] 7133 ; <nonce> ; history ; <file> BEL                where the shell keeps its history; empty: nowhere
 *     ESC ] 7133 ; <nonce> ; shows ; <prompt> ; <continuation> [; <right>] BEL  what the shell will draw for its prompts
 *     ESC ] 7133 ; <nonce> ; more BEL                            the shell asks for the rest of an unfinished command
 *     ESC ] 7133 ; <nonce> ; drawn BEL                           the prompt ends here
 *     ESC ] 7133 ; <nonce> ; incomplete BEL                      the shell has discarded an unfinished command
 *     ESC ] 7133 ; <nonce> ; invalid BEL                         an error message about a command follows
 *     ESC ] 7133 ; <nonce> ; hooked BEL                          an answer: the hooks are there
 *     ESC ] 7133 ; <nonce> ; unhooked BEL                        an answer: the hooks are gone
 *     ESC ] 7133 ; <nonce> ; synced BEL                          an answer: the shell has read everything typed before
 *     ESC ] 7133 ; <nonce> ; leaving BEL                         `exit` ends the shell, which may print a line about it
 *
 * The folder or file is the last field; its `%` and control characters are percent-encoded, in a prompt also `;`.
 */

import {bytesFromLatin1, latin1} from '../bytes.ts'
import {randomHex} from '../random-hex.ts'

export type Marker =
  | {kind: PlainKind | 'over'}
  | {kind: 'end' | 'prompt'; exitCode: number; cwd: string}
  | {kind: 'history'; file: string}
  /** In latin1. */
  | {kind: 'shows'; command: string; continuation: string; right: string}

/** Longer text is no marker. A path of 4096 bytes fits, each percent-encoded. */
export const MAX_MARKER_BYTES = 16_384

/** Creates the secret of one shell's markers: 32 hex digits. A program cannot guess it, so it cannot print a marker. */
export function createNonce(): string {
  return randomHex(16)
}

/**
 * The text with which each marker of this shell begins. Throws a `TypeError` for a malformed nonce: the text becomes part of a
 * shell script, so nothing but hex digits may pass.
 */
export function markerPrefix(nonce: string): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new TypeError(`Expected \`nonce\` to be 32 hex digits, got \`${nonce}\``)
  return `\x1b]7133;${nonce};`
}

/** Reads the text between prefix and BEL; undefined if it is no marker. */
export function decodeMarker(body: Uint8Array): Marker | undefined {
  const text = latin1(body)
  if (isPlainKind(text)) return {kind: text}
  // The status distinguishes a printed marker from the shell variable that contains the marker's text.
  if (/^over;\d{1,3}$/.test(text)) return {kind: 'over'}
  const history = /^history;([ -~\x80-\xff]*)$/.exec(text)
  if (history) return {kind: 'history', file: decodePath(history[1]!)}
  const shows = /^shows((?:;[ -:<-~\x80-\xff]*){2,3})$/.exec(text)
  if (shows) {
    const [, command = '', continuation = '', right = ''] = shows[1]!.split(';').map(decodePercent)
    return {kind: 'shows', command, continuation, right}
  }
  const end = /^(end|prompt);(\d{1,3});([ -~\x80-\xff]*)$/.exec(text)
  if (!end) return undefined
  return {kind: end[1] as 'end' | 'prompt', exitCode: Number(end[2]), cwd: decodePath(end[3]!)}
}

/** The kinds of markers without other fields. */
const PLAIN_KINDS = [
  'start',
  'more',
  'drawn',
  'incomplete',
  'invalid',
  'hooked',
  'unhooked',
  'synced',
  'leaving',
] as const
type PlainKind = (typeof PLAIN_KINDS)[number]

function isPlainKind(text: string): text is PlainKind {
  return (PLAIN_KINDS as readonly string[]).includes(text)
}

function decodePath(encoded: string): string {
  return new TextDecoder().decode(bytesFromLatin1(decodePercent(encoded)))
}

function decodePercent(encoded: string): string {
  return encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
