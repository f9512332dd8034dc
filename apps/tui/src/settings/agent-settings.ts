import {join} from 'node:path'

import {policyAnswers} from '@holdfast/protocol'
import * as z from 'zod'

import {onlyKeys} from '../files/only-keys.ts'
import {userFolder} from '../process/user-folder.ts'

/** The kinds of tools that permissions can be set for. */
export const toolKinds = ['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'other'] as const

/** What `/agent` takes instead of the name of an agent, and what a session without one has. */
const reservedNames = ['shell', 'retry', 'fresh', 'login']

const text = z.string('expected a text')
const filled = text
  .min(1, 'expected a text that is not empty')
  .refine((value) => !/\p{Cc}/u.test(value), 'expected no control characters')
const texts = z.array(text, 'expected a list of texts').default([])
const variables = z.record(filled, text, 'expected an object with texts').default({})

/** Names are typed as one word, and shown. */
export const agentName = text
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._+-]{0,99}$/u, 'expected a name of up to 100 letters, digits and . _ + -')
  .refine((name) => !reservedNames.includes(name), 'expected another name: this one has a meaning of its own')

/** A name on `$PATH`, or an absolute path: an agent has the folder of its session, so a relative path would depend on it. */
const command = filled
  .transform(withoutTilde)
  .refine(
    (path) => path.startsWith('/') || !path.includes('/'),
    'expected a name on $PATH, or a path that begins with / or ~/',
  )

/** How to run an agent. */
export const agentEntry = onlyKeys({
  command,
  args: texts,
  env: variables,
})
export type AgentEntry = z.infer<typeof agentEntry>

const toPairs = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({name, value}))

const remoteServer = onlyKeys({
  type: z.enum(['http', 'sse']),
  url: z.url({protocol: /^https?$/, error: 'expected the URL of the server: http://… or https://…'}),
  headers: variables.transform(toPairs),
})
const localServer = onlyKeys({
  type: z.literal('stdio').optional(),
  command,
  args: texts,
  env: variables.transform(toPairs),
})
  // In the protocol, it is the kind without a type.
  .transform(({type: _, ...server}) => server)

/**
 * The schema for a server of the Model Context Protocol: the one with a URL if the value has a `url`, or a `type` other
 * than `stdio`; else the one with a command. A union would report the problems of both.
 */
export function mcpServerEntry(value: unknown): typeof remoteServer | typeof localServer {
  const isObject = typeof value === 'object' && value !== null
  return isObject && ('url' in value || ('type' in value && value.type !== 'stdio')) ? remoteServer : localServer
}
/** As agents are told of it, without its name. */
export type McpServerEntry = z.infer<typeof remoteServer> | z.infer<typeof localServer>

export const mcpServerName = filled.max(100, 'expected a name of up to 100 characters')

export const policyAnswer = z.enum(policyAnswers)

/** Folders beside that of the session. */
export const folders = z.array(
  filled.transform(withoutTilde).refine((path) => path.startsWith('/'), 'expected a path that begins with / or ~/'),
)

function withoutTilde(path: string): string {
  return path.startsWith('~/') ? join(userFolder(), path.slice(2)) : path
}
