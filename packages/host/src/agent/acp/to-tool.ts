import type {ToolCall, ToolContent} from '@holdfast/acp'
import {maxAgentEventBytes, type EventPayload} from '@holdfast/protocol'

type Tool = EventPayload<'tool.update'>

/** What is left out first of a tool that is too large. */
const leftOutFirst = ['raw_output', 'raw_input', 'content', 'locations'] as const

/** A title is shown on one line, bytes. */
const maxTitleBytes = 4096

/** What the log keeps of a tool: at most about `maxBytes`; what is left out is counted. Pure. */
export function toTool(promptId: string, tool: ToolCall, maxBytes = maxAgentEventBytes): Tool {
  const {toolCallId, title, kind, status, content, locations, rawInput, rawOutput} = tool
  const payload: Tool = {
    prompt_id: promptId,
    tool_call_id: toolCallId,
    ...(title !== undefined && {title: title.slice(0, maxTitleBytes)}),
    ...(kind !== undefined && {kind}),
    ...(status !== undefined && {status}),
    ...(content && {content: content.map(toContent)}),
    ...(locations && {locations}),
    ...(rawInput !== undefined && {raw_input: rawInput}),
    ...(rawOutput !== undefined && {raw_output: rawOutput}),
  }
  let bytes = sizeOf(payload)
  let elided = 0
  for (const key of leftOutFirst) {
    if (bytes <= maxBytes || payload[key] === undefined) continue
    const size = sizeOf(payload[key])
    delete payload[key]
    bytes -= size
    elided += size
  }
  return elided === 0 ? payload : {...payload, elided_bytes: elided}
}

/** As it came from the agent. */
function toContent(content: ToolContent): {type: string} {
  if (content.type === 'other') return content.value
  if (content.type !== 'content' || content.content.type !== 'other') return content
  return Object.assign({...content}, {content: content.content.value})
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
