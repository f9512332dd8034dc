import {diffWordsWithSpace} from 'diff'

import type {DiffLine} from './diff-lines.ts'

/** A piece of a line, and whether it differs from the other side. */
export interface Span {
  text: string
  isChanged: boolean
}

export interface WordDiffLine extends DiffLine {
  spans: readonly Span[]
}

/** Longer lines are not compared by words, UTF-16 units. */
const maxLength = 1000
/** Beyond this many changed words, a line counts as another one. */
const maxEditLength = 60
/** Of lines that have less in common, no words are marked: all of them would be. */
const leastCommon = 0.35

/** Marks the words that differ between a removed line and the added one in its place, in the first `max` lines at least. Pure. */
export function diffWords(lines: readonly DiffLine[], max = Infinity): WordDiffLine[] {
  const marked = lines.map((line): WordDiffLine => ({...line, spans: [{text: line.text, isChanged: false}]}))
  for (let at = 0; at < Math.min(max, marked.length);) {
    const removed = countFrom(lines, at, 'removed')
    const added = countFrom(lines, at + removed, 'added')
    for (let pair = 0; pair < Math.min(removed, added, max - at); pair++) {
      const [before, after] = [marked[at + pair], marked[at + removed + pair]]
      const spans = before && after && compare(before.text, after.text)
      if (spans !== undefined) [before!.spans, after!.spans] = spans
    }
    at += Math.max(1, removed + added)
  }
  return marked
}

/** How many lines of this kind follow each other. Pure. */
export function countFrom(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let end = from
  while (lines[end]?.kind === kind) end++
  return end - from
}

/** The spans of both sides; `undefined` if they have little in common. */
function compare(before: string, after: string): [Span[], Span[]] | undefined {
  if (Math.max(before.length, after.length) > maxLength) return undefined
  const parts = diffWordsWithSpace(before, after, {maxEditLength})
  if (parts === undefined) return undefined
  const common = parts.reduce((sum, {added, removed, value}) => sum + (added || removed ? 0 : value.trim().length), 0)
  if (common < leastCommon * Math.max(before.trim().length, after.trim().length)) return undefined
  return [
    parts.filter(({added}) => !added).map(({value, removed}) => ({text: value, isChanged: removed})),
    parts.filter(({removed}) => !removed).map(({value, added}) => ({text: value, isChanged: added})),
  ]
}
