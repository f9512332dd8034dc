import type {ToolCall} from '../schema/tool-call.ts'

/** Tools that are remembered at a time; of more, the oldest is forgotten. */
const MAX_TOOLS = 1000

/**
 * The tools of a session that have not ended, by what the agent said while it lived. What it says about them after a restart
 * is not asked: agents report a tool that was cut short as running, as failed, or as completed.
 */
export function createToolLedger() {
  const open = new Set<string>()
  return {
    take({toolCallId, status}: ToolCall, isNew: boolean): void {
      if (status === 'completed' || status === 'failed') open.delete(toolCallId)
      else if (isNew || status !== undefined) {
        open.add(toolCallId)
        const [oldest] = open
        if (open.size > MAX_TOOLS && oldest !== undefined) open.delete(oldest)
      }
    },
    /** The tools whose outcome nobody knows now that the prompt has ended. Forgets them. */
    cutShort(): string[] {
      const ids = [...open]
      open.clear()
      return ids
    },
  }
}
