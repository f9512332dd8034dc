import type {EventPayload} from '@holdfast/protocol'

import type {AgentBlock} from './agent-blocks.ts'
import type {PlanEntry} from './activity-view.ts'

type Plan = EventPayload<'plan.updated'>

/**
 * The plan of an agent, which changes in place. It becomes a block when all of it is done, when the agent replaces it by another
 * plan, or when the prompt ends.
 */
export interface PlanWatch {
  take(plan: Plan): readonly AgentBlock[]
  /** `promptId`: of the prompt that has ended. @default any */
  endPrompt(promptId?: string): readonly AgentBlock[]
  view(): readonly PlanEntry[]
  unfinished(): readonly AgentBlock[]
}

export function createPlanWatch(): PlanWatch {
  let plan: Plan | undefined
  /** The plan that was written last, which an agent may send again. */
  let written = ''
  const write = (entries: readonly PlanEntry[]): readonly AgentBlock[] => {
    const text = JSON.stringify(entries)
    if (entries.length === 0 || text === written) return []
    written = text
    return [{kind: 'plan', entries}]
  }
  return {
    take(next) {
      const before = plan !== undefined && isOtherPlan(plan, next) ? write(plan.entries) : []
      const isDone = next.entries.every(({status}) => status === 'completed')
      plan = isDone ? undefined : next
      return isDone ? [...before, ...write(next.entries)] : before
    },
    endPrompt(promptId) {
      if (plan === undefined || (promptId !== undefined && plan.prompt_id !== promptId)) return []
      const {entries} = plan
      plan = undefined
      return write(entries)
    },
    view: () => plan?.entries ?? [],
    unfinished: () => (plan === undefined ? [] : [{kind: 'plan', entries: plan.entries}]),
  }
}

/** Whether a plan has no entry of the one before, and so does not continue it. Pure. */
function isOtherPlan({entries}: Plan, next: Plan): boolean {
  const contents = new Set(next.entries.map(({content}) => content))
  return !entries.some(({content}) => contents.has(content))
}
