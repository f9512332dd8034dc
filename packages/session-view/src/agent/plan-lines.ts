import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import type {AgentLine} from './agent-line.ts'
import {cutLine, firstLines} from './plain-lines.ts'

/** Entries that are shown. */
const maxEntries = 20

/** The plan of an agent. Pure. */
export function drawPlan({entries}: EventPayload<'plan.updated'>): readonly AgentLine[] {
  const lines = entries.map(({content, status}): AgentLine => {
    const text = cutLine(toPlainLine(content))
    if (status === 'completed') return {tone: 'detail', text: `  ☒ ${text}`, spoken: `Done: ${text}`}
    if (status === 'in_progress') return {tone: 'text', text: `  ☐ ${text} · now`, spoken: `Now: ${text}`}
    return {tone: 'text', text: `  ☐ ${text}`, spoken: `To do: ${text}`}
  })
  return lines.length === 0 ? [] : [{tone: 'tool', text: 'Plan'}, ...firstLines(lines, maxEntries)]
}
