import type {Client} from '@holdfast/client'

import {screenSize} from '../screen-size.ts'
import {currentFolder} from '../surroundings.ts'
import {UserError} from '../user-error.ts'
import {typedFor, type GatewayChoice} from './gateway-choice.ts'
import {expectSessionId} from './session-id.ts'

export interface SessionChoice {
  /** The session that was used last. */
  latest: boolean
  /** This session. */
  sessionId: string | undefined
  gateway: GatewayChoice
}

/**
 * The id of the session that is to be opened; when none was asked for, it is made, in the current folder, with the id
 * `newId`. Choosing again makes no other.
 */
export async function chooseSession(
  client: Client,
  {latest, sessionId, gateway}: SessionChoice,
  newId: string,
): Promise<string> {
  if (sessionId !== undefined) return expectSessionId(sessionId)
  return latest
    ? await latestSession(client, gateway)
    : await client.createSession({session_id: newId, ...startFolder(gateway), ...screenSize()})
}

/** Where a new session starts: where we are, unless that is another machine; there it is at home. */
export function startFolder({connect}: GatewayChoice): {cwd?: string} {
  return connect === undefined ? {cwd: currentFolder()} : {}
}

async function latestSession(client: Client, gateway: GatewayChoice): Promise<string> {
  const {sessions} = await client.request('session.list', {})
  const found = sessions.find(({state}) => state !== 'closed' && state !== 'unreadable')
  if (found === undefined)
    throw new UserError(`there is no session to continue; \`${typedFor(gateway)}\` opens a new one`)
  return found.id
}
