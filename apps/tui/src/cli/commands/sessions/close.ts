import type {Client} from '@holdfast/client'

import {standardError} from '../../../process/standard-error.ts'
import {UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {toUserError} from '../../../sessions/to-user-error.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Sessions that end at the same time: each may need a second for the programs that ignore a signal. */
const maxAtOnce = 8
const eraseLine = '\r\u001b[K'

/**
 * Ends sessions; without ids, all open ones. Reports those that cannot be ended and goes on with the others. On a terminal,
 * stderr counts them meanwhile where there are several.
 */
export async function closeSessions(ids: readonly string[], gateway: GatewayChoice): Promise<Answer> {
  ids.forEach(expectSessionId)
  const missing: UserError[] = []
  const close = async (client: Client): Promise<Answer> => {
    const waiting = ids.length > 0 ? [...ids] : await openSessions(client)
    const total = waiting.length
    const stderr = standardError()
    const report = (text: string) => void (stderr.isTTY && total > 1 && stderr.write(`${eraseLine}${text}`))
    const closed: string[] = []
    const notClosed: {id: string; error: UserError}[] = []
    const done = () => closed.length + notClosed.length
    const closeNext = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        try {
          await client.request('session.close', {session_id: id})
          closed.push(id)
        } catch (error) {
          // Go on with the other sessions, unless the gateway is gone.
          const known = toUserError(error, client, gateway)
          if (client.status.kind !== 'live' || !(known instanceof UserError)) throw error
          notClosed.push({id, error: known})
        }
        report(`Closing sessions: ${done()} of ${total}`)
      }
    }
    report(`Closing sessions: 0 of ${total}`)
    await Promise.all(Array.from({length: maxAtOnce}, closeNext))
    report(`Closed ${closed.length} of ${total} sessions.\n`)
    const not_closed = notClosed.map(({id, error}) => ({session_id: id, ...toFields(error)}))
    const incomplete = missing[0] && toFields(missing[0])
    const problems = [...missing, ...notClosed.map(({error}) => error)]
    return {result: {closed, not_closed, incomplete}, problems}
  }
  return await withClient(gateway, close, {onIncomplete: (problem) => missing.push(problem)})
}

function toFields({code, message}: UserError): {code: string; message: string} {
  return {code, message}
}

async function openSessions(client: Client): Promise<string[]> {
  const sessions = await client.listSessions()
  return sessions.filter(({state}) => state !== 'closed' && state !== 'unreadable').map(({id}) => id)
}
