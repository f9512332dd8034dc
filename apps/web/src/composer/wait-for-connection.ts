import type {SessionModel, SessionView} from '../session/open-session.ts'

/** A text that the user has sent while the page has no connection. */
export interface WaitingText {
  /** Resolves with whether it is to be sent: when the connection is back, or cannot come back by itself. */
  readonly isToBeSent: Promise<boolean>
  /** The user has changed the text, or it is gone. */
  withdraw(): void
  /** Hands the text to the client, which sends it when it can: its composer is about to go. */
  letGo(): void
}

/** Whether the page waits for its connection. Pure. */
export function isAway({status, isOpen}: Pick<SessionView, 'status' | 'isOpen'>): boolean {
  return status.kind === 'recovering' || status.kind === 'starting' || !isOpen
}

/** Holds a text back until the connection is there. */
export function waitForConnection({view}: Pick<SessionModel, 'view'>): WaitingText {
  const {promise, resolve} = Promise.withResolvers<boolean>()
  const look = () => isAway(view.value) || resolve(true)
  const unsubscribe = view.subscribe(look)
  look()
  return {
    isToBeSent: promise.finally(unsubscribe),
    withdraw: () => resolve(false),
    letGo: () => resolve(true),
  }
}
