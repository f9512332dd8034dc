import type {OverlayRow, OverlayView} from '@holdfast/ink-composer'
import {toListLine, type TerminalSize} from '@holdfast/terminal'
import {describeEnd, formatAge, formatLines} from '@holdfast/session-view'
import cliTruncate from 'cli-truncate'

import type {PastPrompt} from '../../past-prompts/find-past-prompt.ts'
import type {OutputLines} from '../../past-prompts/read-output-lines.ts'

/** Lines of an output that are walked through: those with an error, or those that contain a text. */
export interface Hits {
  kind: 'error' | 'match'
  /** Indexes of lines, in order. */
  lines: readonly number[]
  /** The index in `lines` of the chosen one. */
  at: number
}

/** What the panel shows of a past prompt. */
export interface PastPromptState {
  prompt: PastPrompt
  output: OutputLines
  /** The first line that is shown; `undefined`: the first and the last lines. */
  top: number | undefined
  hits: Hits | undefined
  /** The text to find, while it is typed. */
  query: string | undefined
  /** Shown in place of the facts. */
  remark: string | undefined
  /** All keys are listed instead of the output. */
  isHelp: boolean
}

export interface ViewFacts {
  size: TerminalSize
  /** Epoch ms. */
  now: number
  showFolder: (folder: string) => string
}

/** While this overlay is open, the screen shows a past prompt. */
export const pastPromptOverlayId = 'past-prompt'

const keys =
  'o open · y copy · r again · e edit · / find · ! errors · c copy command · x export · ↑↓ others · ? keys, Esc back'
const findingKeys = 'Enter finds it · Esc back'
const hitKeys = 'n next · N previous · o open · y copy · Esc back to the output'
const helpKeys = 'Esc back'

const help: readonly OverlayRow[] = [
  ['↑ · ↓', 'older · newer command or answer'],
  ['o', 'open the whole output in $PAGER'],
  ['y · c', 'copy the output · the command'],
  ['r · e', 'run it again · edit it first'],
  ['/', 'find a text in the output'],
  ['!', 'go to the lines that report errors'],
  ['n · N', 'next · previous error, or found line'],
  ['PgUp PgDn', 'scroll the output'],
  ['x', 'export it to a Markdown file'],
].map(([text = '', hint]) => ({text, hint}))

/** Rows of the panel besides the lines of output: title, facts, keys. */
const frameRows = 3
const leastLines = 3

/** How many lines of output the panel shows: with its frame, it takes half of the screen. Pure. */
export function outputRoom({rows}: TerminalSize): number {
  return Math.max(leastLines, Math.floor(rows / 2) - frameRows)
}

/** The panel. Pure. */
export function pastPromptView(state: PastPromptState, {size, now, showFolder}: ViewFacts): OverlayView {
  const {prompt, query, hits, isHelp} = state
  const title = cliTruncate(`❯ ${toListLine(prompt.text)}`, size.cols)
  if (isHelp) return {id: pastPromptOverlayId, title, rows: help, footer: helpKeys}
  const {rows, selected} = outputRows(state, outputRoom(size))
  const footer = query !== undefined ? findingKeys : hits !== undefined ? hitKeys : keys
  return {
    id: pastPromptOverlayId,
    title,
    rows: [{text: cliTruncate(factsOf(state, now, showFolder), size.cols - 2)}, ...rows],
    ...(selected === undefined ? {} : {selected: selected + 1}),
    footer,
  }
}

function factsOf(
  {prompt, output, query, hits, remark}: PastPromptState,
  now: number,
  showFolder: ViewFacts['showFolder'],
) {
  if (query !== undefined) return `find: ${query}▏`
  if (remark !== undefined) return remark
  const count = hits === undefined ? [] : [`${hits.kind} ${hits.at + 1} of ${hits.lines.length}`]
  const {cwd, end, endedAt} = prompt
  const facts = [
    describeEnd(end, {showFolder}),
    ...count,
    ...(output.gapAt === undefined && output.lines.length > 0 ? [formatLines(output.lines.length)] : []),
    ...(cwd === undefined ? [] : [showFolder(cwd)]),
    formatAge(now - endedAt),
  ]
  return facts.join(' · ')
}

function outputRows({output, top, hits}: PastPromptState, room: number): {rows: OverlayRow[]; selected?: number} {
  const {lines, gapAt} = output
  const row = (text: string): OverlayRow => ({text})
  if (lines.length === 0) return {rows: [row('(no output)')]}
  if (top === undefined) {
    if (lines.length <= room && gapAt === undefined) return {rows: lines.map(row)}
    const first = Math.min(Math.floor((room - 1) / 2), gapAt ?? Infinity)
    const last = Math.min(room - 1 - first, lines.length - first)
    const left = lines.length - first - last
    const between = gapAt === undefined ? `… ${left.toLocaleString('en')} more` : '…'
    return {rows: [...lines.slice(0, first), between, ...(last === 0 ? [] : lines.slice(-last))].map(row)}
  }
  const chosen = hits?.lines[hits.at]
  const rows = lines.slice(top, top + room).map(row)
  return chosen === undefined ? {rows} : {rows, selected: chosen - top}
}

/** The first line to show so that a line is in the middle. Pure. */
export function topFor(line: number, count: number, room: number): number {
  return Math.max(0, Math.min(line - Math.floor(room / 2), count - room))
}
