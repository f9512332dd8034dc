import type {SessionEvent, SessionState} from '@holdfast/protocol'

import type {Known} from './known.ts'

/** What was found, from outside, when all was over. */
export interface Facts {
  /** Ids of the prompts that a client was told are committed. */
  accepted: readonly string[]
  /** What clients were asked to do with prompts that waited, and whether they were told that it is done. */
  changes: Known['changes']
  /** What clients were asked to keep as half typed. */
  drafts: Known['drafts']
  /** The size that was set last, and the one that a command found after it. */
  size: {set: string; found: string} | undefined
  /** The logs that were made older: how many events each had, and what its copy holds; `undefined` where there is none. */
  olderLogs: readonly {format: number; length: number; copy: readonly SessionEvent[] | undefined}[]
  /** The log of the session, and where it says that the session stands. */
  log: readonly SessionEvent[]
  state: SessionState | undefined
  /** One for each time that a command was carried out, in this order; `version` says with which text. */
  effects: readonly {id: string; version: number}[]
  /** What each command wrote to its file, line by line before it printed it; by the id of its prompt. */
  written: ReadonlyMap<string, string>
  /**
   * The commands that ask: the lines that each read, and whether a client was told that its answer was taken. An answer
   * that a Ctrl-C overtakes is typed at the shell, as it is by hand.
   */
  asked: ReadonlyMap<string, {answer: string; read: readonly string[]; isTaken: boolean; isInterrupted: boolean}>
  /** The events that each life of a client was shown, in the order in which it was; whether it lived to the end. */
  seen: readonly {client: string; afterSeq: number; events: readonly unknown[]; isLast: boolean}[]
  /** A shell was killed, so a command may fail. */
  hurtShell: boolean
  /** The sockets of the host at rest, and how many it needs at most. */
  sockets: {found: number; most: number} | undefined
  /** Processes that still live. */
  leftProcesses: readonly string[]
  /** What is left in the folder for what lives: sockets, locks. */
  leftFiles: readonly string[]
}
