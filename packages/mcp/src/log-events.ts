import {readEvent, type Client} from '@holdfast/client'
import type {LoggedEvent} from '@holdfast/protocol'

type Requests = Pick<Client, 'request'>

/** Prompts that are looked at for one with an id, the last ones: a bound of the time of a call. */
const maxSearchedEvents = 50_000

/** The events after a seq that are in the log now. Needs no host, and reads closed sessions. Ends when the caller stops. */
export async function* loggedEvents(
  client: Requests,
  sessionId: string,
  afterSeq: number,
): AsyncGenerator<LoggedEvent, undefined> {
  for (let after = afterSeq; ;) {
    const {events} = await client.request('session.events', {session_id: sessionId, after_seq: after})
    for (const wire of events) {
      const event = readEvent(wire, () => undefined)
      // A gateway that repeats a page would be read for ever.
      if (event === undefined || !('seq' in event) || event.seq <= after) return undefined
      after = event.seq
      yield event
    }
    if (events.length === 0) return undefined
  }
}

/** A prompt that the log has. */
export interface LoggedPrompt {
  queuedSeq: number
  /** As it was submitted. */
  text: string
  /** It runs no more. */
  hasEnded: boolean
}

/** Finds a prompt by its id; `undefined` if it was never accepted. */
export async function findPrompt(
  client: Requests,
  sessionId: string,
  promptId: string,
): Promise<LoggedPrompt | undefined> {
  let hasEnded = false
  let searched = 0
  for (let before = Number.MAX_SAFE_INTEGER; before > 1 && searched < maxSearchedEvents;) {
    const {events} = await client.request('session.events', {
      session_id: sessionId,
      types: ['prompt.queued', 'message.complete'],
      before_seq: before,
    })
    for (const wire of events.toReversed()) {
      const event = readEvent(wire, () => undefined)
      if (event?.type === 'message.complete') hasEnded ||= event.payload.prompt_id === promptId
      if (event?.type !== 'prompt.queued' || event.payload.prompt_id !== promptId) continue
      return {queuedSeq: event.seq, text: event.payload.text, hasEnded}
    }
    searched += events.length
    before = events[0]?.seq ?? 1
  }
  return undefined
}
