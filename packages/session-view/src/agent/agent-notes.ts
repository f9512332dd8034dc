import type {LoggedEvent} from '@holdfast/protocol'

import type {AgentLine} from './agent-line.ts'
import {describeContent} from './describe-content.ts'
import {describeExited, describeReady, describeUnavailable} from './describe-instance.ts'

/** The events of a coding agent that are said in the same lines everywhere: its lives and deaths, and contents that are not text. */
export interface AgentNotes {
  take(event: LoggedEvent): readonly AgentLine[]
}

export function createAgentNotes(): AgentNotes {
  /** The agent was sent a prompt. */
  let isPrompted = false
  return {
    take(event) {
      switch (event.type) {
        case 'message.complete':
          // Commands have an exit code.
          isPrompted ||= event.payload.status === 'complete' && event.payload.exit_code === undefined
          return []
        case 'message.content':
          return [{tone: 'text', text: describeContent(event.payload.content)}]
        case 'agent.session':
          isPrompted ||= event.payload.prompts > 0
          return []
        case 'agent.ready':
          return describeReady(event.payload, !isPrompted)
        case 'agent.exited':
          return describeExited(event.payload)
        case 'agent.unavailable':
          return describeUnavailable(event.payload)
        case 'prompt.shared':
          return [{tone: 'detail', text: 'The next prompt brings the output of this command to the agent.'}]
        default:
          return []
      }
    },
  }
}
