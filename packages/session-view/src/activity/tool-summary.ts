import type {AgentBlocks} from './agent-blocks.ts'
import type {ShownTool} from './shown-tool.ts'

/** A tool that took less needs no duration, ms: an agent calls many, and each that stands out took long. */
export const leastToolMs = 1000
/** Lines of the output of a tool that is complete; of any other, which the user should look at. */
const [fewLines, moreLines] = [3, 8]

const signs: Readonly<Record<string, string>> = {
  read: '≡',
  edit: '✎',
  delete: '⌫',
  move: '→',
  search: '⌕',
  execute: '$',
  think: '✻',
  fetch: '⇣',
}

/** What each kind of tool begins with; every sign takes one cell of a terminal. Pure. */
export function toolSign({kind}: Pick<ShownTool, 'kind'>): string {
  return signs[kind ?? ''] ?? '⚙'
}

/** `text`: empty where the tone says it all. */
export interface ToolEnd {
  tone: 'success' | 'error' | 'warning' | 'muted' | 'accent'
  text: string
}

const ends: Readonly<Record<string, ToolEnd>> = {
  completed: {tone: 'success', text: ''},
  failed: {tone: 'error', text: 'failed'},
  cancelled: {tone: 'warning', text: 'cancelled'},
  unknown: {tone: 'warning', text: 'outcome unknown'},
  not_run: {tone: 'muted', text: 'not run'},
}

/** How a tool ended, by its state. Pure. */
export function toolEnd({state}: Pick<AgentBlocks['tool'], 'state'>): ToolEnd {
  return ends[state] ?? {tone: 'accent', text: state}
}

/**
 * The lines of its output that the block of a tool shows, and how many it leaves out: all of a short output; of a long one none, and
 * its last lines if something went wrong. Pure.
 */
export function toolOutput({tool, state}: Pick<AgentBlocks['tool'], 'tool' | 'state'>): {
  lines: readonly string[]
  left: number
} {
  const {lines, left} = tool.output
  const isComplete = state === 'completed'
  const count = left + lines.length
  if (count <= (isComplete ? fewLines : moreLines) + 1) return {lines, left: 0}
  const shown = isComplete ? [] : lines.slice(-moreLines)
  return {lines: shown, left: count - shown.length}
}
