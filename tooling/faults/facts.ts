import type {SessionEvent} from '@holdfast/protocol'

/** What was found, from outside, when all was over. */
export interface Facts {
  /** Ids of the prompts that a client was told are committed. */
  accepted: readonly string[]
  /** The log of the session. */
  log: readonly SessionEvent[]
  /** One id for each time that a command was carried out. */
  effects: readonly string[]
  /** What each command wrote to its file, line by line before it printed it; by the id of its prompt. */
  written: ReadonlyMap<string, string>
  /** The events that each client process was shown, in the order in which it was. */
  seen: readonly {client: string; events: readonly unknown[]}[]
  /** Processes that still live. */
  leftProcesses: readonly string[]
  /** Lease files on which somebody still has a lock. */
  heldLeases: readonly string[]
}
