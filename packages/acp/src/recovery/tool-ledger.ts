import {isRejection, type Question, type QuestionEnd} from '../permissions/questions.ts'
import type {ToolCall} from '../schema/tool-call.ts'

/** Tools that are remembered at a time; of more, the oldest is forgotten. */
const MAX_TOOLS = 1000

/**
 * The tools of a session that have not ended, by what the agent said while it lived. What it says about them after a restart
 * is not asked: agents report a tool that was cut short as running, as failed, or as completed.
 */
export function createToolLedger() {
  const open = new Set<string>()
  /** Questions about tools of which the agent has said nothing since, by the id of the tool. */
  const asked = new Map<string, Question>()
  return {
    take({toolCallId, status}: ToolCall, isNew: boolean): void {
      asked.delete(toolCallId)
      if (status === 'completed' || status === 'failed') open.delete(toolCallId)
      else if (isNew || status !== undefined) {
        open.add(toolCallId)
        forgetOldest(open)
      }
    },
    /** Some agents name a tool in their question before they call it. */
    asked(question: Question): void {
      asked.set(question.tool.toolCallId, question)
      forgetOldest(asked)
    },
    /** A tool that was not allowed does not run, and the agent may say nothing more about it. */
    answered(questionId: string, end: QuestionEnd): void {
      for (const [toolCallId, question] of asked) {
        if (question.id !== questionId) continue
        if (end.kind === 'cancelled' || isRejection(question, end)) asked.delete(toolCallId)
      }
    },
    /** The tools whose outcome nobody knows now that the prompt has ended. Forgets them. */
    cutShort(): string[] {
      const ids = new Set([...open, ...asked.keys()])
      open.clear()
      asked.clear()
      return [...ids]
    },
  }
}

function forgetOldest(tools: Set<string> | Map<string, unknown>): void {
  const [oldest] = tools.keys()
  if (tools.size > MAX_TOOLS && oldest !== undefined) tools.delete(oldest)
}
