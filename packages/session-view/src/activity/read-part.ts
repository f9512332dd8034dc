import type {LoggedEvent} from '@holdfast/protocol'

import type {AgentLine} from '../agent/agent-line.ts'
import {createAgentReader} from '../agent/agent-reader.ts'
import type {AgentPart} from './agent-part.ts'

/** Lines of one part: more would push all else out of the scrollback. */
const maxLines = 10_000

/** All lines of a part of what an agent did, up to 10,000. `readPage`: the next events of the log; rejects if it cannot be read. */
export async function readPart(
  part: AgentPart,
  readPage: (afterSeq: number) => Promise<readonly LoggedEvent[]>,
): Promise<readonly AgentLine[]> {
  const reader = createAgentReader({isWhole: true})
  const lines: AgentLine[] = []
  for (let {afterSeq} = part; afterSeq < part.untilSeq && lines.length < maxLines;) {
    const events = await readPage(afterSeq)
    // A gateway that repeats a page would be asked for ever.
    if ((events[0]?.seq ?? 0) <= afterSeq) break
    for (const event of events) {
      afterSeq = event.seq
      if (afterSeq <= part.untilSeq && isOfPart(event, part)) lines.push(...reader.read(event))
    }
  }
  if (part.kind === 'thought') lines.push(...reader.read(endOfThought))
  if (lines.length <= maxLines) return lines
  return [...lines.slice(0, maxLines), {tone: 'detail', text: '… the rest is in the log'}]
}

const endOfThought = {type: 'session.closed', session_id: '', seq: 0, at: 0, payload: {reason: ''}} as const

/** Whether an event between the ends of a part belongs to it. Pure. */
function isOfPart(event: LoggedEvent, {kind, promptId, toolCallId, terminals = []}: AgentPart): boolean {
  if (kind === 'thought') return event.type === 'thought.delta' && event.payload.prompt_id === promptId
  switch (event.type) {
    case 'tool.call':
    case 'tool.update':
      return event.payload.tool_call_id === toolCallId
    case 'terminal.started':
    case 'terminal.output':
    case 'terminal.elided':
    case 'terminal.exited':
      return terminals.includes(event.payload.terminal_id)
    default:
      return false
  }
}
