import type {ClientWord} from './client-words.ts'
import type {QueueChange} from './schedule.ts'

/** When a client was asked to do something, and when it told that it is done, epoch ms. */
export interface Asked {
  askedAt: number
  doneAt?: number
}

/** A log that was made as an older version left it. */
export interface OlderLog {
  format: 1 | 2
  /** The events that were in it. */
  length: number
}

/** What the clients have told, all of them together. */
export interface Known {
  sessionId: string | undefined
  /** The last event that any client was shown. */
  latestSeq: number
  isClosed: boolean
  readonly accepted: Set<string>
  /** The prompts that wait, as far as a client was shown. */
  readonly queued: Set<string>
  readonly started: Set<string>
  readonly ended: Set<string>
  /** The prompts that were to be changed while they wait; done is what was made of one that still waited. */
  readonly changes: Readonly<Record<QueueChange, Map<string, Asked>>>
  /** By their text. */
  readonly drafts: Map<string, Asked>
  /** Prompts for which a client was told that its input was taken. */
  readonly inputTaken: Set<string>
  readonly inputLost: Set<string>
  readonly printed: Set<string>
  readonly faults: string[]
}

export function nothingKnown(): Known {
  return {
    sessionId: undefined,
    latestSeq: 0,
    isClosed: false,
    accepted: new Set(),
    queued: new Set(),
    started: new Set(),
    ended: new Set(),
    changes: {withdraw: new Map(), update: new Map(), promote: new Map()},
    drafts: new Map(),
    inputTaken: new Set(),
    inputLost: new Set(),
    printed: new Set(),
    faults: [],
  }
}

/** Takes in what a client tells. */
export function learn(known: Known, word: ClientWord): void {
  switch (word.kind) {
    case 'opened':
      known.sessionId = word.sessionId
      break
    case 'accepted':
      known.accepted.add(word.promptId)
      break
    case 'input-taken':
      known.inputTaken.add(word.promptId)
      break
    case 'input-lost':
      known.inputLost.add(word.promptId)
      break
    case 'changed':
      if (word.was) markDone(known.changes[word.does].get(word.promptId))
      break
    case 'draft-kept':
      markDone(known.drafts.get(word.text))
      break
    case 'fault':
      known.faults.push(word.message)
      break
    case 'event':
      learnEvent(known, word)
      break
    case 'status':
    case 'resized':
    case 'interrupt-over':
      break
  }
}

function markDone(asked: Asked | undefined): void {
  if (asked !== undefined) asked.doneAt ??= Date.now()
}

function learnEvent(known: Known, {seq, type, promptId = ''}: Extract<ClientWord, {kind: 'event'}>): void {
  known.latestSeq = Math.max(known.latestSeq, seq)
  switch (type) {
    case 'prompt.queued':
      known.queued.add(promptId)
      break
    case 'message.start':
      known.queued.delete(promptId)
      known.started.add(promptId)
      break
    case 'message.delta':
      known.printed.add(promptId)
      break
    case 'message.complete':
      known.queued.delete(promptId)
      known.ended.add(promptId)
      break
    case 'session.closed':
      known.isClosed = true
  }
}
