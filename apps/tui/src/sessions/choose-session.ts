import {resolve} from 'node:path'

import type {Client} from '@holdfast/client'
import type {Params} from '@holdfast/protocol'
import type {TerminalSize} from '@holdfast/terminal'

import {terminalSize} from '../process/terminal-size.ts'
import {currentFolder} from '../process/current-folder.ts'
import {UserError} from '../process/user-error.ts'
import {invocationFor, isRemote, type GatewayChoice} from './gateway-choice.ts'
import {ownSession, refuseOwnSession} from './own-session.ts'
import {firstFolderOf} from './first-folder.ts'
import {expectSessionId} from './session-id.ts'

export interface SessionChoice {
  /** Choose the session that was used last. */
  latest: boolean
  /** Choose this session. */
  sessionId: string | undefined
  gateway: GatewayChoice
  /** What a new session gets. */
  made: NewSessionChoice
}

export interface NewSessionChoice {
  /** The shell: a path or a name on `$PATH`. @default the user's shell */
  shell?: string | undefined
  /** The coding agent. @default it has a shell */
  agent?: string | undefined
  /** The first folder, relative to the current one; on another machine, absolute. @default the current one; there, the home folder */
  cwd?: string | undefined
  title?: string | undefined
  tags?: readonly string[] | undefined
  /** A program and its arguments instead of a shell or an agent. */
  program?: readonly string[] | undefined
  /** Variables for what runs in the session. */
  env?: Readonly<Record<string, string>> | undefined
  /** @default that of the terminal of this process */
  size?: TerminalSize | undefined
}

/**
 * The id of the chosen session. Creates a session with the id `newId` in the current folder if none was chosen; doing so
 * again with the same id creates no other.
 */
export async function chooseSession(
  client: Client,
  {latest, sessionId, gateway, made}: SessionChoice,
  newId: string,
): Promise<string> {
  refuseOwnSession(sessionId, 'it cannot show itself')
  if (sessionId !== undefined) return expectSessionId(sessionId)
  return latest
    ? await latestSession(client, gateway)
    : await client.createSession({session_id: newId, ...newSession(gateway, made)})
}

/**
 * What a new session has of this process: the folder, the size of the terminal, and the agent or the shell, whose relative path is
 * resolved here. On another machine, the folder is the default. Throws a `UserError` for a relative folder there.
 */
export function newSession(
  gateway: GatewayChoice,
  {shell, agent, cwd, title, tags, program, env, size = terminalSize()}: NewSessionChoice,
): Params<'session.create'> {
  const isPath = shell !== undefined && shell.includes('/') && !isRemote(gateway)
  return {
    ...(cwd === undefined ? startFolder(gateway) : {cwd: namedFolder(cwd, gateway)}),
    agent,
    shell: isPath ? resolve(currentFolder(), shell) : shell,
    ...(title !== undefined && {title}),
    ...(tags !== undefined && {tags: [...tags]}),
    ...(program !== undefined && {program: [...program]}),
    ...(env !== undefined && {env: {...env}}),
    ...size,
  }
}

/** The folder of a new session: the current one; on another machine, the default. */
export function startFolder(gateway: GatewayChoice): {cwd?: string} {
  return isRemote(gateway) ? {} : {cwd: currentFolder()}
}

function namedFolder(text: string, gateway: GatewayChoice): string {
  const isLocal = !isRemote(gateway)
  const folder = firstFolderOf(text, isLocal ? currentFolder() : undefined, {isLocal})
  if (folder !== undefined) return folder
  throw new UserError(`on another machine, expected a folder that starts with / or ~/, got \`${text}\``, {
    code: 'usage',
  })
}

async function latestSession(client: Client, gateway: GatewayChoice): Promise<string> {
  const sessions = await client.listSessions()
  const found = sessions.find(
    ({id, state, one_shot}) => state !== 'closed' && state !== 'unreadable' && one_shot !== true && id !== ownSession(),
  )
  if (found === undefined)
    throw new UserError(`there is no session to continue; \`${invocationFor(gateway)}\` opens a new one`, {
      code: 'session_not_found',
    })
  return found.id
}
