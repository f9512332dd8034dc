import {errorCodes, type NewEvent, type SessionEvent, type SessionState, type WireCoded} from '@holdfast/protocol'

import type {EventRange} from './event-range.ts'

/** The events of one session, numbered 1, 2, 3 … without a gap, and the state that they reduce to. */
export interface EventLog {
  readonly sessionId: string
  /** The seq of the last event; 0 for an empty log. */
  readonly latestSeq: number
  /**
   * Commits events in one transaction and returns them with their seqs and time. If it throws, no event was added.
   * `durable` (default false): the events survive a power failure, not only a crash of every process. An empty array
   * writes nothing, but still throws `replaced` if another writer has opened the log.
   */
  append(events: readonly NewEvent[], options?: {durable?: boolean}): readonly SessionEvent[]
  /** Reads events in the order of their seqs. */
  read(range?: EventRange): readonly SessionEvent[]
  /** Reads the same events, each with its JSON, for callers that forward them. */
  readEncoded(range?: EventRange): readonly EncodedEvent[]
  /** Reads the events of one prompt in order, without its output and without its changes while it waited: both are unbounded. */
  readPrompt(promptId: string): readonly SessionEvent[]
  /** Reads the prompts that started, newest first, without reading the output between them. */
  readStartedPrompts(range?: StartedPromptRange): readonly StartedPrompt[]
  /** The state that all events reduce to; `undefined` for an empty log. */
  state(): SessionState | undefined
  /** Moves committed events from the WAL to the file, as far as no reader is in the way. */
  checkpoint(): void
  close(): void
}

/** An event and its JSON, on one line. */
export interface EncodedEvent {
  event: SessionEvent
  json: string
}

/** The part of a log in which to look for started prompts. */
export interface StartedPromptRange {
  /** Only before this seq. @default no limit */
  beforeSeq?: number | undefined
  /** How many events to search, from the newest back; events of every type count. @default 1000 */
  maxEvents?: number | undefined
  /** Leaves out prompts with longer texts, UTF-16 units. @default no limit */
  maxTextLength?: number | undefined
}

export interface StartedPrompt {
  seq: number
  promptId: string
  /** Epoch ms. */
  at: number
  text: string
  /** The folder in which it started; older logs do not have it. */
  cwd?: string | undefined
}

/** The id of the prompt to which an event belongs. */
export function promptIdOf(event: NewEvent): string | undefined {
  return 'prompt_id' in event.payload ? event.payload.prompt_id : undefined
}

type ErrorCode =
  'not-found' | 'not-a-file' | 'newer-format' | 'damaged' | 'full' | 'io' | 'unknown' | 'replaced' | 'failed'

// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.EventLogError')

export class EventLogError extends Error implements WireCoded {
  override name = 'EventLogError'
  readonly [brand] = true
  /**
   * `not-found`: no such file. `not-a-file`: a FIFO, folder, link or device is in its place. `newer-format`: a newer
   * version wrote the log. `damaged`: the file is corrupt or is not a log. `full`: no space left on the disk. `io`: the
   * system could not read or write; no event was added. `unknown`: it could not write, and the events may be in the log.
   * `replaced`: another writer has opened the log since. `failed`: any other storage fault.
   */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** The error code of the protocol. */
  get wireCode(): number {
    return wireCodes[this.code]
  }
}

export function isEventLogError(error: unknown): error is EventLogError {
  return typeof error === 'object' && error !== null && brand in error
}

/** Whether another writer has opened the log: a writer that gets this error can write no more. */
export function isReplaced(error: unknown): boolean {
  return isEventLogError(error) && error.code === 'replaced'
}

const wireCodes: Readonly<Record<ErrorCode, number>> = {
  'not-found': errorCodes.sessionNotFound,
  'not-a-file': errorCodes.storageFailed,
  'newer-format': errorCodes.storageFailed,
  damaged: errorCodes.storageDamaged,
  full: errorCodes.storageFull,
  io: errorCodes.storageFailed,
  unknown: errorCodes.storageFailed,
  // The client can retry: the new writer answers.
  replaced: errorCodes.hostUnavailable,
  failed: errorCodes.storageFailed,
}
