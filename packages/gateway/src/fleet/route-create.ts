import {createSessionId, errorCodes, type Params, type Result} from '@holdfast/protocol'
import {RpcError, type HandlerContext} from '@holdfast/rpc'

import {HeldElsewhereError} from '../hosts/held-elsewhere.ts'
import {SessionAwayError} from '../hosts/session-away.ts'
import {askMachine} from './ask-machines.ts'
import {fleetUnavailable} from './find-route.ts'
import type {LocalMethods} from './gateway-fleet.ts'
import {needsOf, placeSession, type Place} from './place-session.ts'
import type {RouteContext} from './route-context.ts'

/** How long another machine may take to create a session, ms: it may start hosts three times. */
const createMs = 60_000

/** Creates sessions on the machine that suits them. */
export function routeCreate({cluster, me, hello}: RouteContext, own: LocalMethods) {
  /** A session that somebody has claimed was created before, perhaps without its answer: its machine knows. */
  const place = async (sessionId: string, needs: readonly string[]): Promise<Place> => {
    try {
      const holder = await cluster.readHolder(sessionId)
      if (holder?.machine === me && me !== undefined) return {kind: 'here'}
      if (holder !== undefined) return {kind: 'machine', machine: holder.machine}
      return placeSession({sessionId, needs, me, machines: await cluster.listMachines()})
    } catch (error) {
      throw fleetUnavailable(error)
    }
  }

  return async (
    {session_id = createSessionId(), ...params}: Params<'session.create'>,
    handler: HandlerContext,
  ): Promise<Result<'session.create'>> => {
    const request = {...params, session_id}
    const placed = await place(session_id, needsOf(params))
    if (placed.kind === 'none') throw new RpcError(errorCodes.hostUnavailable, placed.message)
    if (placed.kind === 'here') {
      try {
        return await own['session.create'](request, handler)
      } catch (error) {
        // A repetition of the request has come to another machine first.
        if (error instanceof HeldElsewhereError) return {session_id}
        throw error
      }
    }
    const {signal} = handler
    const {machine} = placed
    const answer = await askMachine(machine, 'session.create', request, {cluster, hello, signal, timeoutMs: createMs})
    if (answer !== undefined) return answer
    const message = `Machine ${machine}, on which session ${session_id} was to be created, does not answer: try again`
    throw new SessionAwayError(message)
  }
}
