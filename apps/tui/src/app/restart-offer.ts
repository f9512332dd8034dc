import {readFileSync, writeFileSync} from 'node:fs'

import type {Client, ClientSession} from '@holdfast/client'
import {homePaths} from '@holdfast/event-log'
import {createPickerOverlay, type Composer} from '@holdfast/ink-composer'
import type {SessionSummary} from '@holdfast/protocol'
import {readBootId} from '@holdfast/supervisor'
import {orderSessions, shortenFolder} from '@holdfast/session-view'

import {userFolder} from '../process/user-folder.ts'
import type {SessionChoice} from '../sessions/choose-session.ts'
import {isRemote} from '../sessions/gateway-choice.ts'
import {boardRow} from '../ui/board/board-row.ts'
import type {ScreenModel} from '../ui/screen-model.ts'

export interface RestartOfferOptions {
  home: string
  client: Pick<Client, 'listSessions' | 'openSession' | 'request'>
  composer: Pick<Composer, 'view' | 'open'>
  model: Pick<ScreenModel, 'snapshot' | 'setNotice'>
  session: () => ClientSession | undefined
  openSession: (id: string) => Promise<void>
  reportError: (error: unknown) => void
}

/**
 * Offers the sessions that were open when the machine was restarted, once for each boot of the machine: in a list, or where the
 * user is typing already, in a notice. Without `/proc`, it offers nothing.
 */
export async function offerAfterRestart(options: RestartOfferOptions): Promise<void> {
  const {home, client, composer, model, reportError} = options
  const boot = readBootId()
  const file = `${homePaths(home).run}/restart-offered`
  if (boot === undefined || readOffered(file) === boot) return
  const sessions = orderSessions((await client.listSessions()).filter(isOffered))
  try {
    writeFileSync(file, `${boot}\n`, {mode: 0o600})
  } catch {
    // Then the next screen offers them again.
  }
  if (sessions.length === 0) return
  const title =
    sessions.length === 1
      ? '1 session was open before the restart'
      : `${sessions.length} sessions were open before the restart`
  const {draft, overlay} = composer.view
  if (draft.text !== '' || overlay !== undefined) return model.setNotice(`${title}: /sessions lists them`)
  composer.open((host) =>
    createPickerOverlay({
      host,
      title,
      verb: 'opens it',
      items: sessions,
      toRow: (session) => {
        const folder = shortenFolder(session.cwd, userFolder())
        const facts = {isHere: false, lastLine: undefined, folder, now: Date.now()}
        return boardRow(session, facts, model.snapshot.size.cols - 2)
      },
      onPick: ({id}) => void openInstead(id, options).catch(reportError),
    }),
  )
}

/** Whether the command line neither names nor describes a session: only then are others offered. Pure. */
export function namesNoSession({latest, sessionId, gateway, made}: SessionChoice): boolean {
  const isNamed = latest || sessionId !== undefined || isRemote(gateway)
  return !isNamed && Object.values(made).every((wish) => wish === undefined)
}

/** Opens a session, and deletes the one that this screen has made, if it was not used. */
export async function openInstead(
  id: string,
  {
    client,
    session,
    openSession,
  }: Pick<RestartOfferOptions, 'session' | 'openSession'> & {
    client: Pick<Client, 'openSession' | 'request'>
  },
): Promise<void> {
  const made = session()
  await openSession(id)
  if (made === undefined || !isUnused(made) || session()?.id !== id) return
  // Another client may have used it since this one has left it.
  const left = await client.openSession(made.id)
  try {
    if (!isUnused(left)) return
    await client.request('session.close', {session_id: made.id})
  } finally {
    await left.leave()
  }
  await client.request('session.delete', {session_id: made.id})
}

function isUnused({state}: Pick<ClientSession, 'state'>): boolean {
  return state.first_prompt === undefined && state.draft === ''
}

function isOffered({before_restart, one_shot}: SessionSummary): boolean {
  return before_restart === true && one_shot !== true
}

/** The boot in which the sessions of the one before were offered. */
function readOffered(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
