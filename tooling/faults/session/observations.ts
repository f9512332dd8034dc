import type {QueueChange} from '../schedule/schedule.ts'
import type {ClientMessage} from './client-messages.ts'

/** When the harness asked a client for something, and when a client reported that it is done; epoch ms. */
export interface Requested {
  requestedAt: number
  doneAt?: number
}

/** What the clients have reported, all of them together. */
export interface Observations {
  sessionId: string | undefined
  /** The highest seq that any client has received. */
  latestSeq: number
  isClosed: boolean
  readonly accepted: Set<string>
  readonly started: Set<string>
  readonly printed: Set<string>
  readonly ended: Set<string>
  /** Requested changes of queued prompts, by the prompt's id; done only if the prompt was still queued. */
  readonly changes: Readonly<Record<QueueChange, Map<string, Requested>>>
  /** Drafts by their text. */
  readonly drafts: Map<string, Requested>
  /** Prompts whose input was taken, or lost. */
  readonly inputTaken: Set<string>
  readonly inputLost: Set<string>
  /** The open questions of the agent, by the id of their prompt. */
  readonly questions: Map<string, OpenQuestion>
  readonly errors: string[]
}

export interface OpenQuestion {
  approvalId: string
  askedAt: number
}

export function createObservations(): Observations {
  return {
    sessionId: undefined,
    latestSeq: 0,
    isClosed: false,
    accepted: new Set(),
    started: new Set(),
    printed: new Set(),
    ended: new Set(),
    changes: {withdraw: new Map(), update: new Map(), promote: new Map()},
    drafts: new Map(),
    inputTaken: new Set(),
    inputLost: new Set(),
    questions: new Map(),
    errors: [],
  }
}

export function observe(observations: Observations, message: ClientMessage): void {
  switch (message.kind) {
    case 'opened':
      observations.sessionId = message.sessionId
      break
    case 'accepted':
      observations.accepted.add(message.promptId)
      break
    case 'input-taken':
      observations.inputTaken.add(message.promptId)
      break
    case 'input-lost':
      observations.inputLost.add(message.promptId)
      break
    case 'changed':
      if (message.wasQueued) markDone(observations.changes[message.change].get(message.promptId))
      break
    case 'draft-saved':
      markDone(observations.drafts.get(message.text))
      break
    case 'error':
      observations.errors.push(message.message)
      break
    case 'event': {
      const {seq, type, promptId = '', approvalId} = message
      observations.latestSeq = Math.max(observations.latestSeq, seq)
      if (type === 'message.start') observations.started.add(promptId)
      if (type === 'message.delta') observations.printed.add(promptId)
      if (type === 'message.complete') observations.ended.add(promptId)
      if (type === 'approval.request' && approvalId !== undefined && !observations.ended.has(promptId)) {
        observations.questions.set(promptId, {approvalId, askedAt: performance.now()})
      }
      if (type === 'approval.resolved' || type === 'approval.withdrawn') observations.questions.delete(promptId)
      if (type === 'session.closed') observations.isClosed = true
      break
    }
    case 'resized':
    case 'interrupt-over':
      break
  }
}

function markDone(request: Requested | undefined): void {
  if (request !== undefined) request.doneAt ??= Date.now()
}
