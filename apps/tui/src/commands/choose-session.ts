import {resolve} from 'node:path'

import type {Client} from '@holdfast/client'

import {screenSize} from '../screen-size.ts'
import {currentFolder} from '../surroundings.ts'
import {UserError} from '../user-error.ts'

export interface SessionChoice {
  /** The session that was used last. */
  latest: boolean
  /** This session. */
  sessionId: string | undefined
  /** The shell of a new one, if not the user's: a path, or a name on `$PATH`. */
  shell: string | undefined
}

/** The id of the session that is to be opened; a new one, in the current folder, when none was asked for. */
export async function chooseSession(client: Client, {latest, sessionId, shell}: SessionChoice): Promise<string> {
  if (sessionId !== undefined) return sessionId
  return latest
    ? await latestSession(client)
    : await client.createSession({cwd: currentFolder(), ...shellOf(shell), ...screenSize()})
}

/** What a new session is told of its shell. */
export function shellOf(shell: string | undefined): {shell?: string} {
  if (shell === undefined) return {}
  return {shell: shell.includes('/') ? resolve(currentFolder(), shell) : shell}
}

async function latestSession(client: Client): Promise<string> {
  const {sessions} = await client.request('session.list', {})
  const found = sessions.find(({state}) => state !== 'closed' && state !== 'unreadable')
  if (found === undefined) throw new UserError('there is no session to continue; `holdfast` opens a new one')
  return found.id
}
