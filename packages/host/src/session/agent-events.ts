import {defaultMaxOutputBytes, textBytes, type NewEvent} from '@holdfast/protocol'

import type {Agent} from '../agent/agent.ts'

export interface AgentEventsOptions {
  agent: Pick<Agent, 'onEvent'>
  /** Appends the events, as soon as the disk has room. */
  record: (events: readonly NewEvent[], durable: boolean) => void
  /** Called before each event: output that came before it must stand before it. */
  beforeEvent: () => void
  /** How many bytes of what an agent does the log keeps for each prompt. @default defaultMaxOutputBytes */
  maxBytes?: number
}

/** Appends what an agent does besides output. */
export interface AgentEvents {
  /** `flush`: commits the output of the prompt so far. */
  beginPrompt(promptId: string, flush: () => void): void
  endPrompt(): void
}

/** They are lost without harm, if there are too many of them: they only show what the agent does. */
const shown: ReadonlySet<string> = new Set([
  'thought.delta',
  'message.content',
  'tool.call',
  'tool.update',
  'plan.updated',
  'agent.update',
  'agent.diagnostic',
  'agent.usage',
  'terminal.output',
] satisfies NewEvent['type'][])

/** They count in what comes after them, also after a loss of power: the session of the agent, its questions, what it gets. */
const lasting: ReadonlySet<string> = new Set([
  'agent.session',
  'approval.resolved',
  'approval.withdrawn',
  'prompt.shared',
] satisfies NewEvent['type'][])

export function createAgentEvents(options: AgentEventsOptions): AgentEvents {
  const {agent, record, beforeEvent, maxBytes = defaultMaxOutputBytes} = options
  let prompt: {id: string; flush: () => void} | undefined
  /** Of the events since the last prompt began. */
  let bytes = 0
  let elided = 0

  agent.onEvent?.((event) => {
    prompt?.flush()
    beforeEvent()
    if (shown.has(event.type)) {
      const size = textBytes(JSON.stringify(event))
      bytes += size
      if (bytes > maxBytes) {
        elided += size
        return
      }
    }
    record([event], lasting.has(event.type))
  })

  return {
    beginPrompt(id, flush) {
      prompt = {id, flush}
      bytes = elided = 0
    },
    endPrompt() {
      if (prompt !== undefined && elided > 0) {
        record([{type: 'output.elided', payload: {prompt_id: prompt.id, bytes: elided}}], false)
      }
      elided = 0
      prompt = undefined
    },
  }
}
