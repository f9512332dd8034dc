import {isFleetError} from '@holdfast/fleet'
import {hasLog, sessionPaths} from '@holdfast/event-log'
import {errorCodes} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'

import {SessionAwayError} from '../hosts/session-away.ts'
import type {Cluster} from './cluster.ts'
import {planRoute, type Route} from './plan-route.ts'

export interface FindRouteOptions {
  home: string
  cluster: Pick<Cluster, 'readHolder'>
  /** The name of this machine, if it is a member of the fleet. */
  me: string | undefined
}

export type FoundRoute = Extract<Route, {kind: 'here' | 'elsewhere'}>

/** Asks the cluster where a session is. Rejects with an `RpcError`: `sessionNotFound` if it was deleted, a `SessionAwayError` if only the cluster knows. */
export async function findRoute(sessionId: string, {home, cluster, me}: FindRouteOptions): Promise<FoundRoute> {
  let problem: RpcError | undefined
  const holder = await cluster.readHolder(sessionId).catch((error: unknown) => {
    problem = fleetUnavailable(error)
    return 'unknown' as const
  })
  const route = planRoute({me, holder, hasLog: hasLog(sessionPaths(home, sessionId).log)})
  if (route.kind === 'unknown') throw problem
  if (route.kind === 'deleted') throw new RpcError(errorCodes.sessionNotFound, `There is no session ${sessionId}`)
  return route
}

/** The error for a client whose request needs the cluster. Throws what is no fault of the cluster. */
export function fleetUnavailable(error: unknown): RpcError {
  if (!isFleetError(error)) throw error
  if (error.code === 'newer-format') return new RpcError(errorCodes.protocolMismatch, error.message)
  return new SessionAwayError(`The fleet cannot be asked: ${error.message}`)
}

/** Returns `undefined` for the error that there is no such session, and throws any other. */
export function unlessMissing(error: unknown): undefined {
  if (!isRpcError(error) || error.code !== errorCodes.sessionNotFound) throw error
  return undefined
}
