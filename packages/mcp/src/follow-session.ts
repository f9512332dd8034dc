import type {ClientSession} from '@holdfast/client'
import type {LoggedEvent} from '@holdfast/protocol'

export interface FollowSessionOptions {
  afterSeq: number
  /** How long to wait at most, ms. */
  timeoutMs: number
  /** Ends the wait. */
  signal: AbortSignal
  /** Gets the events in their order. Returns whether to stop. */
  take: (event: LoggedEvent) => boolean
}

/** Waits for an event of a session, until time is up or the session is closed. Nothing is polled. */
export async function followSession(
  session: ClientSession,
  {afterSeq, timeoutMs, signal, take}: FollowSessionOptions,
): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  for await (const event of session.events({afterSeq, signal: over})) if (take(event)) return
}
