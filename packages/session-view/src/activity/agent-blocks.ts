import type {AgentLine} from '../agent/agent-line.ts'
import type {PlanEntry} from './activity-view.ts'
import type {AgentPart} from './agent-part.ts'
import type {ShownTool} from './shown-tool.ts'

/** What a coding agent did, as parts of a transcript, by kind. */
export interface AgentBlocks {
  /** What a coding agent does. */
  agent: {lines: readonly AgentLine[]}
  /** A tool of an agent, or a command that ran for it, that has ended. `exit`: of a command that failed. */
  tool: {tool: ShownTool; state: string; exit?: string; durationMs: number; part: AgentPart}
  thought: {durationMs: number; part: AgentPart}
  plan: {entries: readonly PlanEntry[]}
  /** A question of an agent, and how it ended: plain lines. `title` is empty where it is not known. */
  question: {title: string; end: string}
}

export type AgentBlock = {[Kind in keyof AgentBlocks]: {kind: Kind} & AgentBlocks[Kind]}[keyof AgentBlocks]
