import {resolve} from 'node:path'

import type {Client} from '@holdfast/client'

import {terminalSize} from '../process/terminal-size.ts'
import {currentFolder} from '../process/current-folder.ts'
import {UserError} from '../process/user-error.ts'
import {invocationFor, type GatewayChoice} from './gateway-choice.ts'
import {expectSessionId} from './session-id.ts'

export interface SessionChoice {
  /** The session that was used last. */
  latest: boolean
  /** This session. */
  sessionId: string | undefined
  gateway: GatewayChoice
  /** The shell of a new one, if not the user's: a path, or a name on `$PATH`. */
  shell: string | undefined
}

/**
 * The id of the session that is to be opened; when none was asked for, it is made, in the current folder, with the id
 * `newId`. Choosing again makes no other.
 */
export async function chooseSession(
  client: Client,
  {latest, sessionId, gateway, shell}: SessionChoice,
  newId: string,
): Promise<string> {
  if (sessionId !== undefined) return expectSessionId(sessionId)
  return latest
    ? await latestSession(client, gateway)
    : await client.createSession({
        session_id: newId,
        ...startFolder(gateway),
        ...shellOf(shell, gateway),
        ...terminalSize(),
      })
}

/** What a new session is told of its shell. A path is from where we are, unless that is another machine. */
export function shellOf(shell: string | undefined, {connect}: GatewayChoice): {shell?: string} {
  if (shell === undefined) return {}
  return {shell: shell.includes('/') && connect === undefined ? resolve(currentFolder(), shell) : shell}
}

/** Where a new session starts: where we are, unless that is another machine; there it is at home. */
export function startFolder({connect}: GatewayChoice): {cwd?: string} {
  return connect === undefined ? {cwd: currentFolder()} : {}
}

async function latestSession(client: Client, gateway: GatewayChoice): Promise<string> {
  const {sessions} = await client.request('session.list', {})
  const found = sessions.find(({state}) => state !== 'closed' && state !== 'unreadable')
  if (found === undefined)
    throw new UserError(`there is no session to continue; \`${invocationFor(gateway)}\` opens a new one`)
  return found.id
}
