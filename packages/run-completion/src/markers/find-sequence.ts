import {bytesOf, createByteSearch, cutLength, equalBytes} from '../bytes.ts'
import {decodeMarker, MAX_MARKER_BYTES, type Marker} from './marker.ts'

/** What was found in a terminal's bytes, from `at` up to `end`. */
export type Sequence =
  | {kind: 'marker'; at: number; end: number; marker: Marker}
  | {kind: 'editor'; at: number; end: number; opens: boolean}
  /** The bytes end inside a possible sequence of another kind. */
  | {kind: 'cut'; at: number; end: number}
  | {kind: 'none'; at: number; end: number}

/** Finds the first sequence at or after `from`; one of the line editor only with `withEditor`. */
export type SequenceFinder = (bytes: Uint8Array, from: number, withEditor: boolean) => Sequence

/** A line editor switches bracketed paste on when it waits for a line, and off when it has one. */
export const EDITOR_OPENS = bytesOf('\x1b[?2004h')
const EDITOR_CLOSES = bytesOf('\x1b[?2004l')
const ESCAPE = 0x1b
const BELL = 0x07

/** `prefix`: the first bytes of each marker. */
export function createSequenceFinder(prefix: Uint8Array): SequenceFinder {
  const search = createByteSearch(prefix)

  function findMarker(bytes: Uint8Array, from: number): Sequence {
    for (let at = search(bytes, from); at !== -1; at = search(bytes, at + prefix.length)) {
      const bell = bytes.subarray(0, at + MAX_MARKER_BYTES).indexOf(BELL, at + prefix.length)
      if (bell === -1 && bytes.length < at + MAX_MARKER_BYTES) return {kind: 'cut', at, end: bytes.length}
      const marker = bell === -1 ? undefined : decodeMarker(bytes.subarray(at + prefix.length, bell))
      if (marker) return {kind: 'marker', at, end: bell + 1, marker}
    }
    return {kind: 'none', at: bytes.length, end: bytes.length}
  }

  return (bytes, from, withEditor) => {
    const marker = findMarker(bytes, from)
    const editor = withEditor ? findEditor(bytes.subarray(0, marker.at), from) : undefined
    if (editor) return editor
    if (marker.kind !== 'none') return marker
    const sequences = withEditor ? [prefix, EDITOR_OPENS, EDITOR_CLOSES] : [prefix]
    const cut = Math.max(...sequences.map((sequence) => cutLength(bytes.subarray(from), sequence)))
    return cut === 0 ? marker : {kind: 'cut', at: bytes.length - cut, end: bytes.length}
  }
}

function findEditor(bytes: Uint8Array, from: number): Sequence | undefined {
  for (let at = bytes.indexOf(ESCAPE, from); at !== -1; at = bytes.indexOf(ESCAPE, at + 1)) {
    const end = at + EDITOR_OPENS.length
    const sequence = bytes.subarray(at, end)
    const opens = equalBytes(sequence, EDITOR_OPENS)
    if (opens || equalBytes(sequence, EDITOR_CLOSES)) return {kind: 'editor', at, end, opens}
  }
  return undefined
}
