import type {Approval, EventPayload, SessionInfo} from '@holdfast/protocol'

import type {StandardOutput} from '../process/standard-output.ts'
import type {HeldPrompts} from './held-prompts.ts'
import type {Voice} from './voice.ts'

/** A session whose output is printed as it arrives. */
export interface TalkSession {
  readonly id: string
  /** The session when it was opened. */
  readonly info: SessionInfo
  /** Resolves when the session is closed; rejects when its events cannot be read. */
  readonly closed: Promise<{kind: 'closed'}>
  /** The running command, by the events so far. */
  readonly running: RunningPrompt | undefined
  /** Why the session is out of reach, if it is. */
  readonly outOfReach: string | undefined
  /** Resolves when `outOfReach` changes. */
  reachChanged(): Promise<void>
  /** Runs one prompt to its end. Rejects if it is refused. */
  run(text: string): Promise<RunOver>
  /** Whether a text is an unfinished command; `false` also where that is not known. Never rejects. */
  isIncomplete(text: string): Promise<boolean | string>
  readonly held: HeldPrompts
  /** The commands that a coding agent takes as prompts. */
  readonly agentCommands: readonly {name: string}[]
  /** `/agent`: see `steerAgent`. */
  steerAgent(argument: string): Promise<string>
  /** The first open question of the agent. */
  readonly question: Approval | undefined
  /** Resolves when `question` changes. */
  questionChanged(): Promise<void>
  /** Answers a question. Rejects if it is not open any more. */
  answer(approvalId: string, choice: string): Promise<void>
  /** Resolves when the running command ends. */
  ended(): Promise<RunOver>
  /** Resolves when a command runs. */
  begun(): Promise<void>
  /** Sends input to the running program, if there is one. */
  input(keys: Uint8Array): void
  /** Interrupts the running command; `false` if there is none. */
  interrupt(): Promise<boolean>
  /** Tries again to reach the session. `false`: it is not out of reach. */
  retry(): Promise<boolean>
}

export interface RunningPrompt {
  promptId: string
  text: string
  /** A coding agent works on it: it takes no input. */
  isOfAgent: boolean
}

/** `closed`: the session was closed before the end. */
export type RunOver = {kind: 'complete'; payload: EventPayload<'message.complete'>; seq: number} | {kind: 'closed'}

export interface TalkSessionOptions {
  /** Later events are printed. */
  afterSeq: number
  stdout: StandardOutput
  voice: Voice
  /** The gateway runs elsewhere. */
  isRemote: boolean
  /** The command that opens the session in the screen. */
  screenCommand: string
  /** The command that attaches a terminal to the running program. */
  attachCommand: string
  /** A conversation: prompts of other clients are printed, too, and problems reported. */
  isConversation: boolean
}
