import type {ToolCall} from '@holdfast/acp'

/** Tools that are remembered at a time; of more, the oldest is forgotten. */
const maxTools = 100

/** What tools are called, and of which kind they are: a question about one may name only its id. */
export function createKnownTools() {
  const tools = new Map<string, Pick<ToolCall, 'title' | 'kind'>>()

  const note = ({toolCallId, title, kind}: ToolCall) => {
    const known = tools.get(toolCallId)
    tools.delete(toolCallId)
    tools.set(toolCallId, {title: title ?? known?.title, kind: kind ?? known?.kind})
    const [oldest] = tools.keys()
    if (tools.size > maxTools && oldest !== undefined) tools.delete(oldest)
  }
  const of = (tool: ToolCall): Pick<ToolCall, 'title' | 'kind'> => {
    const known = tools.get(tool.toolCallId)
    return {title: tool.title ?? known?.title, kind: tool.kind ?? known?.kind}
  }
  return {
    note,
    of,
    titleOf: (tool: ToolCall): string => of(tool).title ?? 'The agent asks for a permission',
    /** Whether a tool in a question has more than the log knows; notes it. */
    isNews(tool: ToolCall): boolean {
      const known = tools.get(tool.toolCallId)
      const isNews = known === undefined || tool.content !== undefined || tool.rawInput !== undefined
      note(tool)
      return isNews
    },
  }
}
