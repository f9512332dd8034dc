import type * as z from 'zod'

import type {Access, McpLimits} from './limits.ts'
import type {SharedSessions} from './shared-sessions.ts'
import type {Client} from '@holdfast/client'

/** What tools work with. */
export interface ToolContext {
  client: Client
  sessions: SharedSessions
  limits: McpLimits
  /** See `McpServerOptions`. */
  startFolder: string | undefined
  /** Throws a `ToolError` if the agent may not do that with a session. */
  requireAccess(sessionId: string, wanted: 'read' | 'write'): Promise<void>
  /** What the agent may do with a session that has these tags. */
  accessTo(tags: readonly string[] | undefined): Access
}

/** One call of a tool. */
export interface ToolCall {
  /** The client has cancelled the call, or is gone. */
  signal: AbortSignal
  /** The client is gone. Runs go on: a call of the next server finds them. */
  readonly isDisconnected: boolean
  /** Tells the client how far the call is; `undefined` if it did not ask. */
  progress: ((message: string) => void) | undefined
}

/** What a tool answers: facts as one line of JSON, then what is to be read as it is. */
export interface ToolResult {
  /** Why the tool could not do it: the result is an error. */
  problem?: string
  facts?: Readonly<Record<string, unknown>>
  /** Left out where it is empty. */
  text?: string | undefined
  /** A picture, behind the text. */
  png?: Buffer
  /** @default there is a problem */
  isError?: boolean
}

export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string
  title: string
  description: string
  input: Input
  /** It only reads. */
  isReadOnly?: boolean
  /** A repetition with the same arguments does nothing more. */
  isIdempotent?: boolean
  /** It may change or end what a person needs. */
  isDestructive?: boolean
  call(args: z.output<Input>, context: ToolContext, call: ToolCall): Promise<ToolResult>
}

/** Keeps the types of the arguments inside the tool. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool {
  return tool
}
