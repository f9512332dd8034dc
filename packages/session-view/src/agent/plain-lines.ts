import {toPlainLines} from '@holdfast/terminal/plain'

import {formatLines} from '../texts/quantities.ts'
import type {AgentLine, Tone} from './agent-line.ts'

/** The longest line, UTF-16 units: a file may have one line. */
const maxLineLength = 400

/** An untrusted text as its lines, with the indentation that tabs stand for. Pure. */
export function linesOf(text: string): string[] {
  return toPlainLines(text.replaceAll('\t', '  ').replace(/\r?\n$/, ''))
}

/** A line without control sequences, cut where it is too long. Pure. */
export function cutLine(line: string): string {
  // Not half of a surrogate pair.
  return line.length <= maxLineLength ? line : `${line.slice(0, maxLineLength).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Lines below the one of their tool. */
export function indented(tone: Tone, texts: readonly string[]): AgentLine[] {
  return texts.map((text) => ({tone, text: `  ${cutLine(text)}`}))
}

/** The first lines and the count of those that are left out. Pure. */
export function firstLines(lines: readonly AgentLine[], max: number): readonly AgentLine[] {
  // A count of one would take the row of that line.
  if (lines.length <= max + 1) return lines
  return [...lines.slice(0, max), countOf(lines.length - max)]
}

/** `… 12 lines more`; pure. */
export function countOf(count: number): AgentLine {
  return {tone: 'detail', text: `  … ${formatLines(count)} more`}
}
