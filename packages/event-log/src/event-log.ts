import {errorCodes, type NewEvent, type SessionEvent, type SessionState, type WireCoded} from '@holdfast/protocol'

import type {EventRange} from './event-range.ts'

/** One session's events: numbered 1, 2, 3 … without a gap, and the state that they fold into. */
export interface EventLog {
  readonly sessionId: string
  /** The seq of the last event; 0 for an empty log. */
  readonly latestSeq: number
  /**
   * Commits events in one transaction, then returns them with their seqs and time. When it throws, nothing was added.
   * `durable` (default false): survives the loss of power too, not only the death of every process. None: nothing is
   * written, but whoever was replaced as writer hears of it.
   */
  append(events: readonly NewEvent[], options?: {durable?: boolean}): readonly SessionEvent[]
  /** Events in the order of their seqs. */
  read(range?: EventRange): readonly SessionEvent[]
  /** The same, each with its JSON: for whoever sends them on. */
  readEncoded(range?: EventRange): readonly EncodedEvent[]
  /** All events of one prompt but its output, in order. */
  readPrompt(promptId: string): readonly SessionEvent[]
  /** Prompts that began to run, the newest first. Output between them is stepped over, not read. */
  readBegun(range?: BegunRange): readonly BegunPrompt[]
  /** The fold of all events; `undefined` for an empty log. */
  state(): SessionState | undefined
  close(): void
}

/** An event, and what `JSON.parse` makes it of: one line. */
export interface EncodedEvent {
  event: SessionEvent
  json: string
}

/** Where in a log to look for prompts. */
export interface BegunRange {
  /** Only before this seq. @default all */
  beforeSeq?: number | undefined
  /** So many events are looked through, from the newest back; all of them count, output, too. @default 1000 */
  maxEvents?: number | undefined
}

/** A prompt that began to run. */
export interface BegunPrompt {
  seq: number
  /** Epoch ms. */
  at: number
  text: string
}

/** The prompt that an event belongs to. */
export function promptIdOf(event: NewEvent): string | undefined {
  return 'prompt_id' in event.payload ? (event.payload.prompt_id as string) : undefined
}

export class EventLogError extends Error implements WireCoded {
  override name = 'EventLogError'
  /**
   * `not-found`: no such file. `newer-format`: written by a newer version. `damaged`: not a log, or a broken one.
   * `full`: no room on the disk. `io`: the system could not read or write. `replaced`: somebody else has opened it for
   * writing since. `failed`: any other fault of storage.
   */
  readonly code: 'not-found' | 'newer-format' | 'damaged' | 'full' | 'io' | 'replaced' | 'failed'

  constructor(code: EventLogError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** What the wire calls it. */
  get wireCode(): number {
    return wireCodes[this.code]
  }
}

/** Another writer has begun: whoever hears this may write no more. */
export function isReplaced(error: unknown): boolean {
  return error instanceof EventLogError && error.code === 'replaced'
}

const wireCodes: Readonly<Record<EventLogError['code'], number>> = {
  'not-found': errorCodes.sessionNotFound,
  'newer-format': errorCodes.storageFailed,
  damaged: errorCodes.storageDamaged,
  full: errorCodes.storageFull,
  io: errorCodes.storageFailed,
  // Its successor can be asked.
  replaced: errorCodes.hostUnavailable,
  failed: errorCodes.storageFailed,
}
