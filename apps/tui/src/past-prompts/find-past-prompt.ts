import {readEvent, type Client} from '@holdfast/client'
import type {EventPayload, LoggedEvent} from '@holdfast/protocol'

/** A prompt that has ended: a command with its output, or a prompt for an agent with the answer. */
export interface PastPrompt {
  promptId: string
  text: string
  /** In a session with a coding agent: it was a command for the shell. */
  isInShell: boolean
  /** The folder in which it started; older logs do not have it. */
  cwd: string | undefined
  /** The events `message.start` and `message.complete`. */
  startSeq: number
  endSeq: number
  /** When it ended, epoch ms. */
  endedAt: number
  end: EventPayload<'message.complete'>
}

/** An event of a prompt, from `prompt.queued` to `message.complete`. */
export interface EventOfPrompt {
  seq: number
  promptId: string
}

/** The last one before an event, or the first one after it. */
export type PastPromptPlace = {beforeSeq: number} | {afterSeq: number}

const types = ['message.start', 'message.complete'] as const

/** Events per page: some prompts. */
const pageEvents = 16
/** The same where the gateway does not know `types`, and sends all events. */
const pageOfAllEvents = 1000

/**
 * Finds a past prompt in the log of a session, near a place. Keeps one page in memory, however long the log is. Resolves to `undefined`
 * if there is none.
 */
export async function findPastPrompt(
  client: Pick<Client, 'request'>,
  sessionId: string,
  place: PastPromptPlace,
  signal?: AbortSignal,
): Promise<PastPrompt | undefined> {
  const isBack = 'beforeSeq' in place
  let seq = isBack ? place.beforeSeq : place.afterSeq
  let limit = pageEvents
  /** The halves that were read first: ends on the way back, starts on the way forth. */
  const halves = new Map<string, LoggedEvent>()
  for (;;) {
    signal?.throwIfAborted()
    const range = isBack ? {before_seq: seq} : {after_seq: seq}
    if (isBack && seq <= 1) return undefined
    const page = await client.request('session.events', {session_id: sessionId, ...range, limit, types: [...types]})
    const events = page.events.flatMap((wire) => {
      const event = readEvent(wire, () => undefined)
      return event !== undefined && 'seq' in event ? [event] : []
    })
    if (events.some(({type}) => type !== 'message.start' && type !== 'message.complete')) limit = pageOfAllEvents
    for (const event of isBack ? events.toReversed() : events) {
      seq = event.seq
      const found = join(event, halves)
      if (found !== undefined) return found
    }
    if (events.length === 0) return undefined
  }
}

/** Finds the past prompt of an event. Resolves to `undefined` if it has not ended yet, or never ran. */
export async function findPromptOf(
  client: Pick<Client, 'request'>,
  sessionId: string,
  {seq, promptId}: EventOfPrompt,
): Promise<PastPrompt | undefined> {
  for (let afterSeq = seq - 1; ;) {
    const params = {session_id: sessionId, after_seq: afterSeq, limit: pageEvents, types: ['message.complete']}
    const {events} = await client.request('session.events', params)
    for (const wire of events) {
      const event = readEvent(wire, () => undefined)
      if (event?.type !== 'message.complete' || event.payload.prompt_id !== promptId) continue
      const found = await findPastPrompt(client, sessionId, {beforeSeq: event.seq + 1})
      return found?.promptId === promptId ? found : undefined
    }
    const last = events.at(-1)?.seq ?? 0
    if (last <= afterSeq) return undefined
    afterSeq = last
  }
}

/** Completes a past prompt with its second half, or keeps the first one. Prompts run one after another, so that few are kept. */
function join(event: LoggedEvent, halves: Map<string, LoggedEvent>): PastPrompt | undefined {
  if (event.type !== 'message.start' && event.type !== 'message.complete') return undefined
  const {prompt_id: promptId} = event.payload
  const other = halves.get(promptId)
  const start = event.type === 'message.start' ? event : other
  const end = event.type === 'message.complete' ? event : other
  if (start?.type !== 'message.start' || end?.type !== 'message.complete') {
    halves.set(promptId, event)
    return undefined
  }
  const {text, cwd, in_shell} = start.payload
  return {
    promptId,
    text,
    isInShell: in_shell === true,
    cwd,
    startSeq: start.seq,
    endSeq: end.seq,
    endedAt: end.at,
    end: end.payload,
  }
}
