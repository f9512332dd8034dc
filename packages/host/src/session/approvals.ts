import {errorCodes, maxApprovalBytes, textBytes, type Approval} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {Agent, Question} from '../agent/agent.ts'
import type {LogWriter} from './log-writer.ts'

export interface ApprovalsOptions {
  agent: Pick<Agent, 'answer'>
  open: () => readonly Approval[]
  append: LogWriter['append']
  record: LogWriter['record']
  /** Calls back once what is in the log may have an effect. */
  whenReplicated: (then: () => void) => void
}

/** The questions of the running prompt, and their answers. */
export interface Approvals {
  /** Forgets earlier answers: a new prompt starts. */
  begin(): void
  /** Commits a question of the agent, as soon as the disk has room. Throws an `RpcError` `tooLarge` if the open questions would be too large. */
  ask(promptId: string, question: Question): void
  /** Commits the answer to a question, then gives it to the agent. Throws an `RpcError`. */
  answer(approvalId: string, choice: string, by?: string): void
}

export function createApprovals({agent, open, append, record, whenReplicated}: ApprovalsOptions): Approvals {
  /** The choices since the running prompt started, by approval id. */
  const answered = new Map<string, string>()

  return {
    begin: () => answered.clear(),

    ask(promptId, {approvalId, title, choices, toolCallId}) {
      const about = toolCallId === undefined ? {} : {tool_call_id: toolCallId}
      const payload = {prompt_id: promptId, approval_id: approvalId, title, choices: [...choices], ...about}
      requireRoom([...open(), payload])
      record(() => [{type: 'approval.request', payload}], true)
    },

    answer(approvalId, choice, by = 'user') {
      const before = answered.get(approvalId)
      if (before === choice) return
      if (before !== undefined) {
        throw new RpcError(errorCodes.alreadyAnswered, `Question ${approvalId} is already answered with \`${before}\``)
      }
      const asked = open().find(({approval_id}) => approval_id === approvalId)
      if (asked === undefined) {
        throw new RpcError(errorCodes.approvalNotFound, `There is no open question \`${approvalId}\``)
      }
      if (!asked.choices.some(({id}) => id === choice)) {
        const choices = asked.choices.map(({id}) => id).join(', ')
        throw new RpcError(errorCodes.notAllowed, `Expected one of the choices ${choices}, got \`${choice}\``)
      }
      const payload = {prompt_id: asked.prompt_id, approval_id: approvalId, choice, by}
      append([{type: 'approval.resolved', payload}], true)
      answered.set(approvalId, choice)
      // A tool that may run must not be one of which the next machine says that nobody had allowed it.
      whenReplicated(() => agent.answer?.(approvalId, choice))
    },
  }
}

function requireRoom(questions: readonly Approval[]): void {
  const bytes = questions.reduce((sum, question) => sum + questionBytes(question), 0)
  if (bytes <= maxApprovalBytes) return
  throw new RpcError(
    errorCodes.tooLarge,
    `Expected the open questions to have at most ${maxApprovalBytes} bytes in total, got ${bytes}`,
  )
}

function questionBytes({approval_id, prompt_id, title, choices}: Approval): number {
  const fields = 100
  const choicesBytes = choices.reduce((sum, {id, label}) => sum + textBytes(id) + textBytes(label) + fields, 0)
  return textBytes(approval_id) + textBytes(prompt_id) + textBytes(title) + choicesBytes + fields
}
