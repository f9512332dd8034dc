import type {Params, Result} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import {SessionAwayError} from '../hosts/session-away.ts'
import {readEvents} from '../stored-sessions/read-events.ts'
import type {SessionLogs} from '../stored-sessions/session-logs.ts'
import {askMachine} from './ask-machines.ts'
import {findRoute, fleetUnavailable, unlessMissing} from './find-route.ts'
import type {LocalMethods} from './gateway-fleet.ts'
import {claimOf} from './plan-route.ts'
import type {RouteContext} from './route-context.ts'

/** How long another machine may take, ms. */
const readMs = 5000
const deleteMs = 10_000

/** Reads and deletes the logs of all machines. */
export function routeLogs({local, cluster, copies, me, hello}: RouteContext) {
  const {home, hosts, logs} = local
  const routeTo = (sessionId: string) => findRoute(sessionId, {home, cluster, me})

  const copyOf = async (sessionId: string, signal: AbortSignal): Promise<SessionLogs> => {
    try {
      return await copies.bring(sessionId, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw fleetUnavailable(error)
    }
  }

  return {
    /** The logs in which a session without a host can be read. */
    async findLogs(sessionId: string, signal: AbortSignal): Promise<Pick<SessionLogs, 'read'>> {
      const route = await routeTo(sessionId)
      return route.kind === 'here' ? logs : await copyOf(sessionId, signal)
    },

    methods: (own: LocalMethods) => ({
      'session.events': async (
        params: Params<'session.events'>,
        handler: HandlerContext,
      ): Promise<Result<'session.events'>> => {
        const {session_id} = params
        const {signal} = handler
        if (await hosts.isAlive(session_id)) return await own['session.events'](params, handler)
        const route = await routeTo(session_id)
        if (route.kind === 'here' && claimOf(route) === undefined) return await own['session.events'](params, handler)
        const asked = {cluster, hello, signal, timeoutMs: readMs}
        // Its machine has all events, and at once; the cluster may be behind it.
        const answered =
          route.kind === 'here'
            ? Promise.resolve(own['session.events'](params, handler))
            : askMachine(route.holder.machine, 'session.events', params, asked)
        const answer = await answered.catch(unlessMissing)
        return answer ?? readEvents(await copyOf(session_id, signal), params)
      },

      'session.delete': async (
        params: Params<'session.delete'>,
        handler: HandlerContext,
      ): Promise<Result<'session.delete'>> => {
        const {session_id} = params
        const {signal} = handler
        const route = await routeTo(session_id)
        if (route.kind === 'here') {
          // A machine that is no member has sessions of its own, which the cluster does not know.
          if (route.holder === undefined || (route.holder === 'unknown' && me === undefined))
            return await own['session.delete'](params, handler)
          if (route.holder === 'unknown')
            throw new SessionAwayError('The fleet cannot be asked to delete the session: try again')
          // The answer to an earlier request may have been lost.
          await Promise.resolve(own['session.delete'](params, handler)).catch(unlessMissing)
        } else {
          const {machine, state} = route.holder
          const asked = {cluster, hello, signal, timeoutMs: deleteMs}
          const answer = await askMachine(machine, 'session.delete', params, asked).catch(unlessMissing)
          if (answer === undefined && state === 'open') {
            const message = `Machine ${machine}, which has session ${session_id}, does not answer, and the session is open as far as the cluster knows: try again when the machine is back, or close the session once another one has it`
            throw new SessionAwayError(message)
          }
        }
        await cluster.deleteSession(session_id).catch((error: unknown) => {
          throw fleetUnavailable(error)
        })
        copies.remove(session_id)
        return {}
      },
    }),
  }
}
