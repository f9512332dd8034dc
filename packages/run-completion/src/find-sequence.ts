import {decodeMark, MAX_MARK_BYTES, type RunMark} from './run-mark.ts'

/** What was found in a terminal's bytes, from `at` up to `end`. */
export type Sequence =
  | {kind: 'mark'; at: number; end: number; mark: RunMark}
  | {kind: 'editor'; at: number; end: number; opens: boolean}
  /** The bytes end in what may become one of the others. */
  | {kind: 'cut'; at: number; end: number}
  | {kind: 'none'; at: number; end: number}

/** bash's line editor says so itself when it waits for a line, and when it has one: it switches bracketed paste. */
export const EDITOR_OPENS = Buffer.from('\x1b[?2004h')
const EDITOR_CLOSES = Buffer.from('\x1b[?2004l')
const ESCAPE = 0x1b
const BELL = 0x07

/** The first sequence at or after `from`: a whole mark that begins with `markPrefix`, and `withEditor` the editor's words. */
export function findSequence(bytes: Buffer, from: number, markPrefix: Buffer, withEditor: boolean): Sequence {
  const mark = findMark(bytes, from, markPrefix)
  const editor = withEditor ? findEditor(bytes.subarray(0, mark.at), from) : undefined
  if (editor) return editor
  if (mark.kind !== 'none') return mark
  const cut = cutAt(bytes, from, withEditor ? [markPrefix, EDITOR_OPENS, EDITOR_CLOSES] : [markPrefix])
  return cut === undefined ? mark : {kind: 'cut', at: cut, end: bytes.length}
}

function findMark(bytes: Buffer, from: number, prefix: Buffer): Sequence {
  for (let at = bytes.indexOf(prefix, from); at !== -1; at = bytes.indexOf(prefix, at + prefix.length)) {
    const bell = bytes.subarray(0, at + MAX_MARK_BYTES).indexOf(BELL, at + prefix.length)
    if (bell === -1 && bytes.length < at + MAX_MARK_BYTES) return {kind: 'cut', at, end: bytes.length}
    const mark = bell === -1 ? undefined : decodeMark(bytes.subarray(at + prefix.length, bell))
    if (mark) return {kind: 'mark', at, end: bell + 1, mark}
  }
  return {kind: 'none', at: bytes.length, end: bytes.length}
}

function findEditor(bytes: Buffer, from: number): Sequence | undefined {
  for (let at = bytes.indexOf(ESCAPE, from); at !== -1; at = bytes.indexOf(ESCAPE, at + 1)) {
    const word = bytes.subarray(at, at + EDITOR_OPENS.length)
    const opens = word.equals(EDITOR_OPENS)
    if (opens || word.equals(EDITOR_CLOSES)) return {kind: 'editor', at, end: at + word.length, opens}
  }
  return undefined
}

/** Each sequence has one escape, its first byte: only the last escape can begin one that is cut. */
function cutAt(bytes: Buffer, from: number, sequences: readonly Buffer[]): number | undefined {
  const longest = Math.max(...sequences.map((sequence) => sequence.length))
  const end = bytes.subarray(Math.max(from, bytes.length - longest))
  const escape = end.lastIndexOf(ESCAPE)
  if (escape === -1) return undefined
  const tail = end.subarray(escape)
  const isCut = sequences.some((sequence) => sequence.subarray(0, tail.length).equals(tail))
  return isCut ? bytes.length - tail.length : undefined
}
