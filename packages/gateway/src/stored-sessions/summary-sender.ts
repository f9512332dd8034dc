import type {EphemeralEvent} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

/** What a client of `sessions.watch` is told. */
export type SummaryEvent = Extract<EphemeralEvent, {type: 'session.changed' | 'session.deleted'}>

/** Tells one client which sessions have changed, as fast as it reads. */
export interface SummarySender {
  report(event: SummaryEvent): void
  /** Drops what the client has not been sent. */
  clear(): void
}

export function createSummarySender(client: () => Pick<Connection, 'notify' | 'drained'>): SummarySender {
  /** Events for the client, by session: a newer one replaces an older one, so that a slow client costs a summary a session. */
  const unsent = new Map<string, SummaryEvent>()
  let isSending = false

  const sendAll = async () => {
    isSending = true
    const to = client()
    for (let [next] = unsent; next !== undefined; [next] = unsent) {
      unsent.delete(next[0])
      if (!to.notify('event', next[1])) break
      await to.drained()
    }
    isSending = false
  }
  return {
    report(event) {
      unsent.set(event.session_id, event)
      if (!isSending) void sendAll()
    },
    clear: () => unsent.clear(),
  }
}
