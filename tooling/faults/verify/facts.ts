import type {SessionEvent, SessionState} from '@holdfast/protocol'

import type {Answerer, Victim} from '../schedule/schedule.ts'
import type {Observations} from '../session/observations.ts'

/** What the harness found when all was over. */
export interface Facts extends Pick<Observations, 'accepted' | 'changes' | 'drafts'> {
  /** The size that was set last, and the size that a command found after that. */
  size: {set: string; found: string} | undefined
  /** The logs that were turned into older ones: how many events each had, and the events of its copy, if there is one. */
  olderLogs: readonly {format: number; length: number; copy: readonly SessionEvent[] | undefined}[]
  /** The log of the session, and the state that is stored with it. */
  log: readonly SessionEvent[]
  state: SessionState | undefined
  /** One for each execution of a command, in order; `version` says with which text of the prompt. */
  effects: readonly {id: string; version: number}[]
  /** What each command wrote to its file, line by line before it printed it; by the id of its prompt. */
  written: ReadonlyMap<string, string>
  /**
   * The commands that ask for input: the lines that each read, and whether a client knows that the program took the answer. The
   * shell reads an answer that a Ctrl-C overtook, as it does without Holdfast.
   */
  asked: ReadonlyMap<string, {answer: string; read: readonly string[]; isTaken: boolean; isInterrupted: boolean}>
  /** The events that each process of a client received, in order; `isLast`: it lived to the end. */
  received: readonly {client: string; afterSeq: number; events: readonly unknown[]; isLast: boolean}[]
  answerer: Answerer
  /** What got a signal. A command may fail if its shell was killed. */
  faulted: ReadonlySet<Victim>
  /** The prompts that the agent has answered to their end. */
  finished: ReadonlySet<string>
  /** The prompts that a Ctrl-C may have met. */
  interrupted: ReadonlySet<string>
  /** The sockets of the host at rest, and how many it needs at most. */
  sockets: {found: number; most: number} | undefined
  /** Processes that still lived. */
  leftProcesses: readonly string[]
  /** Sockets and locks that are left in the folder for living processes. */
  leftFiles: readonly string[]
}
