import type {
  Activity,
  InputCondition,
  InputObstacle,
  NewEvent,
  Params,
  ProgramInput,
  Result,
  Stdin,
} from '@holdfast/protocol'
import type {CommandStdin, HistoryFile, Size} from '@holdfast/shell'

/** Answers the prompts of a session, one at a time, until it is closed. */
export interface Agent {
  /** Runs one prompt. Called again only after the last one ended. Rejects only if the agent cannot accept the prompt. */
  prompt(text: string, watch: PromptWatch, how?: PromptHow): Promise<PromptOutcome>
  /** Whether a prompt runs in a terminal, to which a client can attach. Agents whose prompts all do omit this. */
  hasTerminal?(text: string): boolean
  /**
   * The folder of the shell in which a prompt of a coding agent runs; undefined for a prompt that the agent gets. Others omit this.
   */
  shellFolder?(text: string): string | undefined
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
  /**
   * Looks at what the running program reads at this moment, and reports a change before it resolves. An agent that cannot tell
   * has no such method.
   */
  look?(): Promise<Reading>
  /**
   * Whether a prompt is unfinished, so that the agent would ask for more lines. Runs nothing. `false` where that is not known
   * soon. Agents that take any text omit this.
   */
  isIncomplete?(text: string): Promise<boolean | string>
  /** Answers `prompt.complete`. Agents that complete nothing omit this. */
  complete?(text: string): Promise<Result<'prompt.complete'>>
  /** Sends Ctrl-C. */
  interrupt(): void
  /**
   * Sends a signal to the foreground process group of the terminal. Returns false if no program runs in it. Throws an `RpcError`
   * `notAllowed` if the program belongs to another user. Agents without a terminal omit this.
   */
  signal?(name: NodeJS.Signals): boolean
  resize(size: Size): void
  /**
   * With `true`, a client's terminal is attached and answers the queries in the program's output from now on; with `false`, it
   * answers no more. Each query is answered once.
   */
  suppressReplies?(isSuppressed: boolean): void
  /** Makes programs that print wait: their output cannot be kept at the moment. */
  pause(): void
  resume(): void
  /** Sets the one listener for background output. Agents without such output omit this. */
  onBackgroundOutput?(listener: (data: Uint8Array) => void): void
  /** Sets the one listener for what a shell prints for its prompt. Other agents omit this. */
  onPrompt?(listener: (printed: Uint8Array) => void): void
  /** Sets the one listener for the end of a shell while no prompt ran in it. Agents without a shell omit this. */
  onShellExited?(listener: (exit: ShellExited) => void): void
  /** Sets the one listener for the activity of the running prompt. Agents that cannot detect it omit this. */
  onActivity?(listener: (activity: AgentActivity) => void): void
  /** Where the agent keeps a history of its own; waits for a shell that is starting. Agents without such a file omit this. */
  historyFile?(): Promise<HistoryFile | undefined>
  /** Sets the one listener for what the agent does besides output, in its order with that. Shells omit this. */
  onEvent?(listener: (event: NewEvent) => void): void
  /** Sets the one listener for titles that the agent gives to the session. Agents that give none omit this. */
  onTitle?(listener: (title: string) => void): void
  /** How a user steers a coding agent. Shells omit this. */
  readonly control?: AgentControl
  /** Receives the answer to a question that the agent asked. Agents that ask nothing omit this. */
  answer?(approvalId: string, choice: string): void
  /** Ends the agent and everything that runs in it. */
  close(): Promise<void>
}

/** What a user changes at a coding agent. `by`: the client that asked, for the events that tell the outcome. */
export interface AgentControl {
  /** Rejects with an error whose message is a sentence for the user. */
  set(setting: Params<'agent.set'>['setting'], by?: string): Promise<void>
  /** Starts an unavailable agent again; with `isFresh`, with a new session of its own. Events tell the outcome. */
  restart(options: {isFresh: boolean}, by?: string): void
  /** Logs in. Events tell the outcome. */
  login(methodId: string, by?: string): void
  /** Ends the agent until the next prompt. Does nothing while a prompt runs. */
  hibernate(): Promise<void>
  /** How long it may be idle before it hibernates, ms. */
  readonly hibernateAfterMs: number
}

/** What the running prompt reads. */
export interface Reading {
  input: ProgramInput
  /** What is typed may be a secret: the echo is off, and the program draws none of its own, as far as the agent knows. */
  mayBeSecret: boolean
}

/** What the running prompt seems to do. */
export interface AgentActivity extends Reading {
  state: Activity['state']
}

/** The id of a prompt, and where it reads from and prints to. Agents without a terminal ignore the latter. */
export interface PromptHow {
  promptId?: string | undefined
  /** Texts that a coding agent gets in front of the prompt, as they are. */
  context?: readonly string[] | undefined
  /** See `prompt.submit`. @default the terminal */
  stdin?: Stdin | undefined
  /** Called with the pipe, which the agent closes when the prompt is over. */
  onStdin?(pipe: CommandStdin): void
  /** No terminal shows the output. @default false */
  isPlain?: boolean | undefined
}

export interface PromptWatch {
  /** The prompt starts to run, perhaps after a shell was started. Its duration counts from here. */
  onStart(): void
  /** Called with the output of a terminal in order, and with all of it before the prompt's promise resolves. */
  onOutput(data: Uint8Array): void
  /** The same with what an agent says: it has no terminal, and no control sequence in it means anything. */
  onText(text: string): void
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
  choices: readonly {id: string; label: string; kind?: string | undefined}[]
  toolCallId?: string | undefined
}

export interface PromptOutcome {
  status: 'complete' | 'interrupted' | 'failed'
  /** Why the status is not plainly `complete`. */
  reason?: string
  exitCode?: number | undefined
  signal?: string | undefined
  /** The shell did not get all lines of the prompt; `entered` is undefined if it is unknown how many. */
  lines?: {entered: number | undefined; total: number}
  /** The command read the end of its stdin because the client that brought it was gone. */
  isStdinCut?: true
  /** The user sent Ctrl-C to the command, and nothing afterwards: it may have ended because of that. */
  afterInterrupt?: true
  /** The folder in which the next prompt runs. */
  cwd?: string
  /** The prompt has changed the folder of the shell beside a coding agent to this one. */
  shellCwd?: string
  /** The shell itself exited; the next prompt starts a new one. */
  shellExited?: ShellExited
}

/** Without a code and a signal, the shell ended with its host. */
export interface ShellExited {
  exitCode?: number | undefined
  signal?: string | undefined
}
