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
  /** The last question about each tool that has not begun since, and whether it was answered with a permission. */
  const asked = new Map<string, {question: Question; isAllowed: boolean}>()
  return {
    take({toolCallId, status}: ToolCall, isNew: boolean): void {
      if (status !== undefined && status !== 'pending') asked.delete(toolCallId)
      if (status === 'completed' || status === 'failed') open.delete(toolCallId)
      else if (isNew || status !== undefined) {
        open.add(toolCallId)
        forgetOldest(open)
      }
    },
    /** Some agents name a tool in their question before they call it. */
    asked(question: Question): void {
      asked.set(question.tool.toolCallId, {question, isAllowed: false})
      forgetOldest(asked)
    },
    answered(questionId: string, end: QuestionEnd): void {
      for (const known of asked.values()) {
        if (known.question.id === questionId)
          known.isAllowed = end.kind === 'answered' && !isRejection(known.question, end)
      }
    },
    /** The tools that were open at the end of the prompt: nobody knows what they have done, or nobody has allowed them to run. Forgets them. */
    cutShort(): {unknown: string[]; notRun: string[]} {
      const ids = [...new Set([...open, ...asked.keys()])]
      const isRefused = (id: string) => asked.get(id)?.isAllowed === false
      const cut = {unknown: ids.filter((id) => !isRefused(id)), notRun: ids.filter(isRefused)}
      open.clear()
      asked.clear()
      return cut
    },
  }
}

function forgetOldest(tools: Set<string> | Map<string, unknown>): void {
  const [oldest] = tools.keys()
  if (tools.size > MAX_TOOLS && oldest !== undefined) tools.delete(oldest)
}
