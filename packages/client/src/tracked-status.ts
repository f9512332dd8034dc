import type {CloseReason} from '@holdfast/rpc'
import type {SupervisorStatus} from '@holdfast/supervisor/supervise'

import {SessionEndedError} from './client-session.ts'
import {sessionStatus, type SessionFacts, type SessionStatus} from './session-status.ts'
import {withResolvers, type Resolvers} from './with-resolvers.ts'

/** The status of a session, as its connection and its facts change. */
export interface TrackedStatus {
  readonly current: SessionStatus
  readonly connection: SupervisorStatus<CloseReason>
  /** The session is closed, or this client left it. */
  readonly hasEnded: boolean
  set(fact: Exclude<keyof SessionFacts, 'ended'>, reason: string | undefined): void
  setConnection(next: SupervisorStatus<CloseReason>): void
  /** The first reason counts. */
  end(reason: string): void
  /** Resolves when the host can be asked; rejects when the session has ended. */
  untilReachable(): Promise<void>
}

export function createTrackedStatus(id: string, onStatus: (status: SessionStatus) => void): TrackedStatus {
  const facts: SessionFacts = {ended: undefined, unavailable: undefined, unresponsive: undefined, notSaved: undefined}
  let connection: SupervisorStatus<CloseReason> = {kind: 'starting'}
  let status: SessionStatus = {kind: 'starting'}
  let waiting: Resolvers<void> | undefined

  const update = () => {
    const next = sessionStatus(connection, facts)
    if (JSON.stringify(next) === JSON.stringify(status)) return
    status = next
    waiting?.resolve()
    waiting = undefined
    onStatus(next)
  }
  const untilReachable = async (): Promise<void> => {
    if (facts.ended !== undefined) throw new SessionEndedError(id, facts.ended)
    if (status.kind === 'live' || status.kind === 'not-saved' || status.kind === 'unresponsive') return
    waiting ??= withResolvers()
    await waiting.promise
    await untilReachable()
  }

  return {
    get current() {
      return status
    },
    get connection() {
      return connection
    },
    get hasEnded() {
      return facts.ended !== undefined
    },
    set(fact, reason) {
      if (facts[fact] === reason) return
      facts[fact] = reason
      update()
    },
    setConnection(next) {
      connection = next
      update()
    },
    end(reason) {
      facts.ended ??= reason
      update()
    },
    untilReachable,
  }
}
