import * as z from 'zod'

import {contentBlock, optional, otherType} from './content.ts'

const toolContent = z.union([
  z.discriminatedUnion('type', [
    z.object({type: z.literal('content'), content: contentBlock}),
    z.object({type: z.literal('diff'), path: z.string(), oldText: optional(z.string()), newText: z.string()}),
    z.object({type: z.literal('terminal'), terminalId: z.string()}),
  ]),
  otherType(['content', 'diff', 'terminal']),
])
/** What a tool shows: text or other content, the change of a file, or a terminal. */
export type ToolContent = z.infer<typeof toolContent>

const fields = {
  title: optional(z.string()),
  /** `read`, `edit`, `execute`, … */
  kind: optional(z.string()),
  /** `pending`, `in_progress`, `completed` or `failed`, as the agent says. */
  status: optional(z.string()),
  content: optional(z.array(toolContent)),
  locations: optional(z.array(z.object({path: z.string(), line: optional(z.number())}))),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
  _meta: optional(z.record(z.string(), z.unknown())),
}

/** A tool that the agent calls, or what changed of it: a field that is `undefined` did not change. */
export const toolCall = z.object({toolCallId: z.string(), ...fields})
export type ToolCall = z.infer<typeof toolCall>
