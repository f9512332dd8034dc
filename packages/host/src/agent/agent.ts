import type {Activity, InputCondition, InputObstacle} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

/** Answers the prompts of a session, one at a time, until it is closed. */
export interface Agent {
  /** Runs one prompt. Called again only after the last one ended. Rejects only if the agent cannot accept the prompt. */
  prompt(text: string, watch: PromptWatch): Promise<PromptOutcome>
  /**
   * Sends bytes to the program that runs or is about to. Returns false if there is none. Throws an `RpcError` `tooLarge` if
   * too much of the input is unread.
   */
  input(data: Uint8Array): boolean
  /**
   * Sends bytes if the running program awaits them in this way at this moment. Resolves to undefined if they were sent, else to
   * what is in the way. An agent that cannot tell has no such method.
   */
  inputWhen?(condition: InputCondition, data: Uint8Array): Promise<InputObstacle | undefined>
  /** Sends Ctrl-C. */
  interrupt(): void
  resize(size: Size): void
  /** A client's terminal is attached and answers the program's terminal queries: the agent must not answer them. */
  suppressReplies?(isSuppressed: boolean): void
  /** Makes programs that print wait: their output cannot be kept at the moment. */
  pause(): void
  resume(): void
  /** Sets the one listener for background output. Agents without such output omit this. */
  onBackgroundOutput?(listener: (data: Uint8Array) => void): void
  /** Sets the one listener for the activity of the running prompt. Agents that cannot detect it omit this. */
  onActivity?(listener: (activity: AgentActivity) => void): void
  /** Receives the answer to a question that the agent asked. Agents that ask nothing omit this. */
  answer?(approvalId: string, choice: string): void
  /** Ends the agent and everything that runs in it. */
  close(): Promise<void>
}

/** What the running prompt seems to do. */
export interface AgentActivity {
  state: Activity['state']
  /** Whether the terminal echoes input; omitted if that is unknown. */
  echo?: boolean
}

export interface PromptWatch {
  /** The prompt starts to run, perhaps after a shell was started. Its duration counts from here. */
  onStart(): void
  /** Called with the output in order, and with all of it before the prompt's promise resolves. */
  onOutput(data: Uint8Array): void
  /**
   * The agent asks a question and waits for its `answer`, which any client may give, perhaps days later. Throws an `RpcError`
   * `tooLarge` where the open questions would have more than `maxApprovalBytes`: nobody will answer this one.
   */
  onApproval(question: Question): void
}

export interface Question {
  /** Chosen by the agent, unique in the session. */
  approvalId: string
  title: string
  choices: readonly {id: string; label: string}[]
}

export interface PromptOutcome {
  status: 'complete' | 'interrupted' | 'failed'
  /** Why the status is not plainly `complete`. */
  reason?: string
  exitCode?: number | undefined
  signal?: string | undefined
  /** The shell did not get all lines of the prompt; `entered` is undefined if it is unknown how many. */
  lines?: {entered: number | undefined; total: number}
  /** The folder in which the next prompt runs. */
  cwd?: string
  /** The shell itself exited; the next prompt starts a new one. */
  shellExited?: {exitCode?: number | undefined; signal?: string | undefined}
}
