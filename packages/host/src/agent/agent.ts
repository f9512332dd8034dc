import type {Activity} from '@holdfast/protocol'

/** What a session holds: it answers prompts one at a time, until it is closed. */
export interface Agent {
  /**
   * Runs one prompt; called again only after the last one ended. Rejects only when the agent could not take the prompt
   * at all.
   */
  prompt(text: string, watch: PromptWatch): Promise<PromptOutcome>
  /** Bytes for the program that runs, or is about to. False: there is none that could take them. Throws an `RpcError` `tooLarge` if it reads none. */
  input(data: Uint8Array): boolean
  /** Ctrl-C. */
  interrupt(): void
  resize(size: Size): void
  /** Somebody's terminal is at the program, and answers what the program asks of its terminal: the agent is not to. */
  holdAnswers?(isHeld: boolean): void
  /** What it prints cannot be kept at this moment: programs that print are to wait. */
  pause(): void
  resume(): void
  /** What is printed while no prompt runs, in order; one listener. Agents that never print then have none. */
  onBackgroundOutput?(listener: (data: Uint8Array) => void): void
  /** Tells what a prompt that runs seems to be doing, when that changes; one listener. Agents that cannot know have none. */
  onActivity?(listener: (activity: AgentActivity) => void): void
  /** Takes the answer to a question that it asked; agents that ask nothing have none. */
  answer?(approvalId: string, choice: string): void
  /** Ends it and what runs in it. */
  close(): Promise<void>
}

/** What a prompt that runs seems to be doing. */
export interface AgentActivity {
  state: Activity['state']
  /** Whether what is typed is shown; left out where that is not known. */
  echo?: boolean
}

export interface PromptWatch {
  /** The prompt begins to run: a shell may have had to be started before. Its duration counts from here. */
  onStart(): void
  /** What it prints, in order, and all of it before its promise resolves. */
  onOutput(data: Uint8Array): void
  /** It asks, and waits for its `answer`, which may come after days, from anybody. */
  onApproval(question: Question): void
}

export interface Question {
  /** Of the agent; the same is not asked twice in a session. */
  approvalId: string
  title: string
  choices: readonly {id: string; label: string}[]
}

export interface Size {
  cols: number
  rows: number
}

export interface PromptOutcome {
  status: 'complete' | 'interrupted' | 'failed'
  /** Why it was not `complete`. */
  reason?: string
  exitCode?: number
  signal?: string
  /** The folder in which the next prompt runs. */
  cwd?: string
  /** The shell itself has ended; the next prompt starts a new one. */
  shellExited?: {exitCode?: number; signal?: string}
}
