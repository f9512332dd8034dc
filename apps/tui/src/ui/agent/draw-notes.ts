import {toPlainLine} from '@holdfast/terminal'
import {cutLine, formatElapsed, type AgentBlocks, type PlanEntry} from '@holdfast/session-view'

import type {Paint} from '../../theme/paint.ts'
import type {Canvas} from '../canvas.ts'
import {describeExpansion} from './describe-expansion.ts'

/** Entries of a plan that are shown. */
const maxEntries = 20

/** `✻ Thought for 3 s · Ctrl-] shows it`. Pure. */
export function drawThought({durationMs}: AgentBlocks['thought'], {paint, expandKey}: Canvas): string[] {
  const time = durationMs < 1000 ? '' : ` for ${formatElapsed(durationMs)}`
  return [paint('muted', `✻ Thought${time}${describeExpansion(expandKey, 'it')}`)]
}

/** `? Edit a.ts · you: Allow once`. Pure. */
export function drawQuestion({title, end}: AgentBlocks['question'], {paint}: Canvas): string[] {
  return [paint('muted', ['?', title === '' ? end : `${title} · ${end}`].join(' '))]
}

/** The plan of an agent: `Plan · 1 of 3`, and a line for each entry. Pure. */
export function drawPlan(entries: readonly PlanEntry[], paint: Paint): string[] {
  if (entries.length === 0) return []
  const done = entries.filter(({status}) => status === 'completed').length
  const lines = entries.map(({content, status}) => {
    const text = cutLine(toPlainLine(content))
    if (status === 'completed') return `  ${paint('success', '☒')} ${paint('muted', text)}`
    if (status === 'in_progress') return `  ${paint('accent', '▸')} ${text}`
    return `  ☐ ${text}`
  })
  const left = entries.length - maxEntries
  return [
    `${paint('accent', 'Plan')}${paint('muted', ` · ${done} of ${entries.length}`)}`,
    ...(left < 2 ? lines : [...lines.slice(0, maxEntries), paint('muted', `  … ${left} more`)]),
  ]
}
