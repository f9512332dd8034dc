import type {TerminalCommand} from '../schema/agent-requests.ts'

/** Runs the commands of `terminal/*`. What a method rejects with becomes the error that the agent gets. */
export interface Terminals {
  /** Starts a command, and resolves with an id for it. */
  create(command: TerminalCommand, signal: AbortSignal): Promise<string>
  output(terminalId: string): Promise<{output: string; truncated: boolean; exitStatus?: TerminalExit | undefined}>
  /** `signal` aborts when the agent does not wait any more. */
  waitForExit(terminalId: string, signal: AbortSignal): Promise<TerminalExit>
  /** Ends the command. The terminal stays. */
  kill(terminalId: string): Promise<void>
  /** Ends the command, and forgets the terminal. */
  release(terminalId: string): Promise<void>
  /** The agent is gone, and will release nothing more. */
  agentGone(): void
}

export interface TerminalExit {
  exitCode?: number | null | undefined
  signal?: string | null | undefined
}
