import type {AgentState} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

/** The mode of a coding agent, and how full its context is: `Ask`, `12 % of 200k`. Parts that are not known are left out. Pure. */
export function agentStatus(agent: AgentState | undefined): readonly string[] {
  const {settings, usage} = agent ?? {}
  const mode = settings?.mode?.choices.find(({id}) => id === settings.mode?.current)?.name ?? settings?.mode?.current
  const isFull = usage !== undefined && usage.size > 0
  return [
    ...(mode === undefined ? [] : [toPlainLine(mode)]),
    ...(isFull ? [`${Math.round((100 * usage.used) / usage.size)} % of ${shortCount(usage.size)}`] : []),
  ]
}

/** `950`, `12k`, `1.5M`; pure. */
function shortCount(count: number): string {
  if (count < 1000) return String(count)
  if (count < 999_500) return `${Math.round(count / 1000)}k`
  return `${(count / 1e6).toFixed(1).replace(/\.0$/, '')}M`
}
