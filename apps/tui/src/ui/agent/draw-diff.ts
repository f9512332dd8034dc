import {toPlainLine} from '@holdfast/terminal'
import {
  countFrom,
  cutLine,
  diffLines,
  diffWords,
  linesOf,
  type FileChange,
  type DiffLine,
  type WordDiffLine,
} from '@holdfast/session-view'
import stringWidth from 'string-width'

import type {Canvas} from '../canvas.ts'
import {drawingOf, joinDrawings, type Drawing} from './drawing.ts'

/** From this width on, both sides stand beside each other, cells. */
const wide = 120
const indent = '  '
const between = ' │ '

/**
 * The change of a file: a head with its path and counts, and its lines, both sides beside each other where there is room for them.
 * More than `maxRows` rows are counted, and long lines are cut. Pure.
 */
export function drawChange(change: FileChange, canvas: Canvas, {maxRows}: {maxRows: number}): readonly string[] {
  const {count, draw} = drawRows(change, canvas, cutLine)
  // A count of one would take the row of that line.
  if (count - 1 <= maxRows + 1) return draw(count)
  return [...draw(maxRows + 1), canvas.paint('muted', `${indent}… ${count - 1 - maxRows} rows more`)]
}

/** The same with all rows, which are as long as their lines. Pure. */
export function drawWholeChange(change: FileChange, canvas: Canvas): Drawing {
  return drawRows(change, canvas, (line) => line)
}

/** The head, and the rows below it. */
function drawRows(change: FileChange, canvas: Canvas, cut: (line: string) => string): Drawing {
  const {paint} = canvas
  const {lines, added, removed} = diffOf(change)
  const counts = [added > 0 && paint('added', `+${added}`), removed > 0 && paint('removed', `−${removed}`)]
  const path = cutLine(toPlainLine(change.path))
  const head = [paint('strong', path), ...counts.filter((count) => count !== false)].join(' ')
  const rows = drawSides(change, canvas) ?? {
    count: lines.length,
    draw: (max: number) =>
      diffWords(lines, max)
        .slice(0, max)
        .map((line) => indent + drawLine(line, canvas, cut)),
  }
  return joinDrawings([drawingOf([indent + head]), rows])
}

/** Rows of each file. */
const maxRowsOfFile = 200

export interface ShownChanges {
  changes: readonly FileChange[]
  /** Where older ones are. */
  more: string | undefined
}

/** All changes of a session. Pure. */
export function drawChanges({changes, more}: ShownChanges, canvas: Canvas): string[] {
  const rows = changes.flatMap((change) => drawChange(change, canvas, {maxRows: maxRowsOfFile}))
  return [...rows, ...(more === undefined ? [] : [canvas.paint('muted', more)])]
}

/** `2 files +12 −3`; pure. */
export function countChanges(changes: readonly FileChange[]): string {
  const counts = changes.map(diffOf)
  const sum = (kind: 'added' | 'removed') => counts.reduce((all, count) => all + count[kind], 0)
  const files = new Set(changes.map(({path}) => path)).size
  return `${files === 1 ? '1 file' : `${files} files`} +${sum('added')} −${sum('removed')}`
}

interface Diff {
  lines: readonly DiffLine[]
  added: number
  removed: number
}

/** The lines of a change that is still shown: it is counted, and drawn, more than once. */
const diffs = new WeakMap<FileChange, Diff>()

function diffOf(change: FileChange): Diff {
  const known = diffs.get(change)
  if (known !== undefined) return known
  const {before, after} = change
  const lines = diffLines(before === '' ? [] : linesOf(before), after === '' ? [] : linesOf(after))
  const diff = {lines, added: countOf(lines, 'added'), removed: countOf(lines, 'removed')}
  diffs.set(change, diff)
  return diff
}

function countOf(lines: readonly {kind: string}[], kind: 'added' | 'removed'): number {
  return lines.filter((line) => line.kind === kind).length
}

const signs: Readonly<Record<WordDiffLine['kind'], string>> = {same: '  ', added: '+ ', removed: '- ', gap: ''}

function drawLine({kind, text, spans}: WordDiffLine, {paint}: Pick<Canvas, 'paint'>, cut = cutLine): string {
  if (kind === 'same' || kind === 'gap') return paint('muted', signs[kind] + cut(text))
  if (cut(text) !== text) return paint(kind, signs[kind] + cut(text))
  const word = kind === 'added' ? 'addedWord' : 'removedWord'
  return paint(kind, signs[kind]) + spans.map((span) => paint(span.isChanged ? word : kind, span.text)).join('')
}

/** Both sides beside each other; `undefined` if that does not fit. */
function drawSides(change: FileChange, canvas: Canvas): Drawing | undefined {
  const {lines, added, removed} = diffOf(change)
  // A file that is new, or gone, has one side.
  if (canvas.columns < wide || added === 0 || removed === 0) return undefined
  const width = Math.floor((canvas.columns - indent.length - between.length) / 2)
  if (!lines.every(({kind, text}) => stringWidth(signs[kind] + text) <= width)) return undefined
  const drawSide = (line: WordDiffLine | undefined) => (line === undefined ? '' : drawLine(line, canvas))
  const pairs = pairLines(lines)
  return {
    count: pairs.length,
    draw(max) {
      // A row has up to two lines.
      const marked = diffWords(lines, max * 2)
      return pairs.slice(0, max).map(([left, right]) => {
        const before = left === undefined ? undefined : marked[left]
        const after = right === undefined ? undefined : marked[right]
        const blank = ' '.repeat(width - (before === undefined ? 0 : stringWidth(signs[before.kind] + before.text)))
        return `${indent}${drawSide(before)}${blank}${canvas.paint('muted', between)}${drawSide(after)}`.trimEnd()
      })
    },
  }
}

/** The lines that stand beside each other, by their indexes. Pure. */
function pairLines(lines: readonly DiffLine[]): readonly (readonly [number | undefined, number | undefined])[] {
  const pairs: [number | undefined, number | undefined][] = []
  for (let at = 0; at < lines.length;) {
    const removed = countFrom(lines, at, 'removed')
    const added = countFrom(lines, at + removed, 'added')
    for (let pair = 0; pair < Math.max(removed, added); pair++)
      pairs.push([pair < removed ? at + pair : undefined, pair < added ? at + removed + pair : undefined])
    if (removed + added === 0) pairs.push([at, at])
    at += Math.max(1, removed + added)
  }
  return pairs
}
