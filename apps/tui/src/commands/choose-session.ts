import type {Client} from '@holdfast/client'

import {screenSize} from '../screen-size.ts'
import {currentFolder} from '../surroundings.ts'
import {typed} from '../typed.ts'
import {UserError} from '../user-error.ts'
import {expectSessionId} from './session-id.ts'

export interface SessionChoice {
  /** The session that was used last. */
  latest: boolean
  /** This session. */
  sessionId: string | undefined
}

/** The id of the session that is to be opened; a new one, in the current folder, when none was asked for. */
export async function chooseSession(client: Client, {latest, sessionId}: SessionChoice): Promise<string> {
  if (sessionId !== undefined) return expectSessionId(sessionId)
  return latest ? await latestSession(client) : await client.createSession({cwd: currentFolder(), ...screenSize()})
}

async function latestSession(client: Client): Promise<string> {
  const {sessions} = await client.request('session.list', {})
  const found = sessions.find(({state}) => state !== 'closed' && state !== 'unreadable')
  if (found === undefined) throw new UserError(`there is no session to continue; \`${typed('')}\` opens a new one`)
  return found.id
}
