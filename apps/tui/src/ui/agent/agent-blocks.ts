import type {AgentLine} from '../../format/agent/agent-line.ts'
import type {FileChange} from '../../sessions/read-changes.ts'
import type {PlanEntry} from './activity-view.ts'
import type {AgentPart} from './agent-part.ts'
import type {ShownTool} from './shown-tool.ts'

/** The blocks of a transcript about a coding agent, by kind. */
export interface AgentBlocks {
  /** What a coding agent does. */
  agent: {lines: readonly AgentLine[]}
  /** A tool of an agent, or a command that ran for it, that has ended. `exit`: of a command that failed. */
  tool: {tool: ShownTool; state: string; exit?: string; durationMs: number; part: AgentPart}
  thought: {durationMs: number; part: AgentPart}
  plan: {entries: readonly PlanEntry[]}
  /** All changes of files that the tools of an agent reported. `more`: where older ones are. */
  changes: {changes: readonly FileChange[]; more: string | undefined}
  /** All that a question of an agent is about. */
  asked: {title: string; tool: ShownTool | undefined}
  /** A question of an agent, and how it ended: plain lines. `title` is empty where it is not known. */
  question: {title: string; end: string}
}

export type AgentBlock = {[Kind in keyof AgentBlocks]: {kind: Kind} & AgentBlocks[Kind]}[keyof AgentBlocks]
