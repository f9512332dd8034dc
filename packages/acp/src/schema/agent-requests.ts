import * as z from 'zod'

import {optional} from './content.ts'
import {toolCall} from './tool-call.ts'

/** The params of the requests that an agent may send. */
const sessionId = z.string()

export const permissionRequest = z.object({
  sessionId,
  toolCall,
  options: z
    .array(z.object({optionId: z.string(), name: z.string(), kind: z.string()}))
    .min(1)
    .max(100),
})
export type PermissionRequest = z.infer<typeof permissionRequest>

export const readFileRequest = z.object({
  sessionId,
  path: z.string(),
  /** From 1. */
  line: optional(z.int().min(0)),
  limit: optional(z.int().min(0)),
})
export const writeFileRequest = z.object({sessionId, path: z.string(), content: z.string()})

export const terminalCommand = z.object({
  sessionId,
  command: z.string(),
  args: optional(z.array(z.string())),
  env: optional(z.array(z.object({name: z.string(), value: z.string()}))),
  cwd: optional(z.string()),
  /** Bytes of output to keep; the oldest go first. */
  outputByteLimit: optional(z.number().min(0)),
})
/** A command that the agent wants to run in a terminal. */
export type TerminalCommand = z.infer<typeof terminalCommand>
export const terminalRequest = z.object({sessionId, terminalId: z.string()})
