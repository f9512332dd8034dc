import type {LoggedEvent} from '@holdfast/protocol'

/** An event as its own client shows it: who did it need not be said. `name`: under which the gateway knows this client. Pure. */
export function withoutOwnName(event: LoggedEvent, name: string | undefined): LoggedEvent {
  if (name === undefined || event.type === 'unknown' || !('by' in event.payload) || event.payload.by !== name)
    return event
  const by = event.type === 'approval.resolved' ? 'user' : undefined
  return {...event, payload: {...event.payload, by}} as LoggedEvent
}
