import type {McpServer} from '@holdfast/acp'
import type {PermissionPolicy} from '@holdfast/protocol'

/** How to run a coding agent; from the settings of the user. Nothing of it reaches a log or a client: `env` may hold keys. */
export interface AgentSetup {
  command: string
  args: readonly string[]
  /** Merged into the environment of the host. */
  env: Readonly<Record<string, string>>
  mcpServers: readonly McpServer[]
  /** The folders in which the agent may read and write files through the host, besides that of the session. Absolute. */
  folders: readonly string[]
  /** Answers to permission questions, for the kinds of tools for which the user has set none in the session. */
  policy: PermissionPolicy
  /** After this time without a prompt and without a watching client, the agent is ended until the next prompt, ms. */
  hibernateAfterMs: number
}
