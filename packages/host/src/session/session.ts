import type {EventLog, EventLogError} from '@holdfast/event-log'
import type {Activity, InputCondition, InputObstacle, Result, SessionState} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

import type {Agent} from '../agent/agent.ts'
import type {Replication} from '../fleet/replication.ts'
import type {SessionAgentControl} from './agent-control.ts'
import type {Approvals} from './approvals.ts'
import type {Attachments} from './attachments.ts'
import type {PromptQueue} from './prompt-queue.ts'
import type {PromptStdin} from './prompt-stdin.ts'
import type {RecordedScreens} from './screen-recording.ts'
import type {SessionNames} from './session-names.ts'
import type {TypedText} from './typed-text.ts'

export interface SessionOptions {
  /** A log that contains event 1 at least. */
  log: EventLog
  agent: Agent
  /** Of the terminal of the agent. @default 80 columns and 24 rows */
  size?: Size
  /** Which screens of programs are put into the log. */
  record?: RecordedScreens
  /** Holds prompts and answers back until the cluster has them. @default nothing does */
  replication?: Pick<Replication, 'reached'> | undefined
  /** Called after each commit. */
  onAppend: () => void
  /** Called after each failed attempt to save events that the session keeps in memory; see `Session.saveError`. */
  onNotSaved?: () => void
  /** Called when `Session.activity` changes. */
  onActivity?: () => void
  /** Called, perhaps repeatedly, when the log can no longer be written: the session cannot continue. */
  onFault: (error: unknown) => void
  /** A monotonic clock for durations, ms. @default performance.now */
  now?: () => number
}

/** One session: the only writer of its log, and the queue in front of its agent. */
export interface Session extends PromptQueue, SessionNames, Pick<Approvals, 'answer'>, Pick<Agent, 'historyFile'> {
  readonly state: SessionState
  readonly isClosed: boolean
  /** Why events cannot be saved at the moment. Meanwhile programs that print wait, and requests are rejected. */
  readonly saveError: EventLogError | undefined
  /** What the running program seems to do; `undefined` if that is unknown. */
  readonly activity: Activity | undefined
  /** Keeps secrets that are typed into a prompt or a draft out of the log. */
  readonly typedText: Pick<TypedText, 'hiddenAt' | 'look' | 'storeDraft' | 'submit'>
  /** Keeps text that was typed but not submitted. */
  setDraft(text: string, by?: string): void
  /** Sends input to the running program, or, with `promptId`, only to the program of that prompt. */
  input(data: Uint8Array, promptId?: string): void
  /** The same if the program awaits input in this way at this moment; else resolves to what is in the way. */
  inputWhen(condition: InputCondition, data: Uint8Array, promptId?: string): Promise<InputObstacle | undefined>
  /** See `Agent.complete`. */
  complete(text: string): Promise<Result<'prompt.complete'>>
  /** See `Agent.isIncomplete`. */
  isIncomplete(text: string): Promise<boolean | string>
  /** Interrupts the running program, or, with `promptId`, only the program of that prompt. Returns false if it does not run. */
  interrupt(promptId?: string, by?: string): boolean
  /**
   * Sends a signal to the program in the foreground of the terminal, or, with `promptId`, only to that of this prompt. Throws an
   * `RpcError` `notAllowed` if none runs or the signal cannot reach it.
   */
  signal(name: NodeJS.Signals, promptId?: string): void
  resize(size: Size): void
  /** Makes programs that print wait until the cluster has what they did. */
  awaitCluster(isAway: boolean): void
  readonly attachments: Attachments
  /** What a client brings for the running prompt to read. */
  readonly stdin: Pick<PromptStdin, 'take' | 'noteGone'>
  readonly agent: SessionAgentControl
  /**
   * Closes the session for good: ends the agent, then records it. Resolves to false if it was closed before. Rejects if the end
   * cannot be saved at the moment: the session is closed as soon as it can.
   */
  close(reason: string, by?: string): Promise<boolean>
  /** Resolves when the log says that the session is closed. */
  readonly closed: Promise<void>
  /** Ends the agent but not the session, for a host that ends: the next host continues. */
  suspend(reason: string): Promise<void>
}
