import type {EventPayload} from '@holdfast/protocol'

import type {ShownTool} from './shown-tool.ts'

export type PlanEntry = EventPayload<'plan.updated'>['entries'][number]

export interface RunningTool extends ShownTool {
  id: string
}

/** What a coding agent does at this moment. It changes until it has ended, and becomes a block. */
export interface ActivityView {
  /** Tools and commands that run, oldest first. */
  tools: readonly RunningTool[]
  thought: {beganAt: number; lastLine: string} | undefined
  plan: readonly PlanEntry[]
}
