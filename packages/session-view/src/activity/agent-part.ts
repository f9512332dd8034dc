/** A part of what a coding agent did, which its block does not show whole: the key that expands reads it from the log. */
export interface AgentPart {
  kind: 'thought' | 'tool'
  /** `undefined` for a command without a tool. */
  promptId: string | undefined
  /** A plain line. */
  title: string
  /** Its events are after `afterSeq`, and not after `untilSeq`. */
  afterSeq: number
  untilSeq: number
  toolCallId?: string
  /** The terminals of its commands, by id. */
  terminals?: readonly string[]
}
