import {Client, type CallToolResult} from '@modelcontextprotocol/client'
import {StdioClientTransport} from '@modelcontextprotocol/client/stdio'

import type {Home} from './home.ts'

/** What a tool returned: its first line of JSON, or the sentence of an error, and what follows. */
export interface Answer {
  facts: Record<string, unknown>
  problem: string | undefined
  text: string
}

/** The official client of the Model Context Protocol, with a `holdfast mcp` that it started. */
export interface McpClient extends AsyncDisposable {
  readonly client: Client
  /** The process of the server. */
  readonly pid: number
  call(
    tool: string,
    args: Record<string, unknown>,
    options?: {signal?: AbortSignal; onprogress?: (progress: {message?: string | undefined}) => void},
  ): Promise<Answer>
}

/** `revision`: of the protocol. @default that of most clients, 2025-11-25 */
export async function startMcp(home: Home, {revision}: {revision?: string} = {}): Promise<McpClient> {
  const [command, ...args] = home.launch(home.project, ['mcp'])
  const transport = new StdioClientTransport({command, args, env: {...home.env}, cwd: home.project})
  const versionNegotiation = revision === undefined ? {} : {mode: {pin: revision}}
  const client = new Client({name: 'test', version: '1.0.0'}, {versionNegotiation})
  await client.connect(transport)
  return {
    client,
    pid: transport.pid!,
    call: async (name, given, options) => readAnswer(await client.callTool({name, arguments: given}, options)),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function readAnswer({content, isError}: CallToolResult): Answer {
  const [first = '', ...rest] = content.map((part) => (part.type === 'text' ? part.text : ''))
  const isProblem = isError === true && !first.startsWith('{')
  if (!isProblem) return {facts: JSON.parse(first), problem: undefined, text: rest.join('\n')}
  const facts = rest[0]?.startsWith('{') === true ? JSON.parse(rest.shift()!) : {}
  return {facts, problem: first, text: rest.join('\n')}
}
