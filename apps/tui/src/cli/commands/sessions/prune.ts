import {createInterface} from 'node:readline/promises'

import {isRpcError, type Client} from '@holdfast/client'
import type {SessionSummary} from '@holdfast/protocol'
import {toJsonLine, toListLine} from '@holdfast/terminal'
import {formatAge} from '@holdfast/session-view'

import {printError} from '../../../process/print-error.ts'
import {printLines} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {failIfIncomplete} from '../../../sessions/incomplete-list.ts'
import {withClient} from '../../../sessions/with-client.ts'

export interface PruneOptions {
  /** Ms since the last use. */
  olderThan: number
  dryRun?: boolean
  /** Do not ask for confirmation. */
  yes?: boolean
  json?: boolean
  gateway: GatewayChoice
}

/** Deletes sessions that were not used for long, and lists them. */
export async function pruneSessions(options: PruneOptions): Promise<void> {
  const {olderThan, dryRun = false, yes = false, json = false, gateway} = options
  const mayAsk = process.stdin.isTTY && process.stdout.isTTY && !json
  if (!dryRun && !yes && !mayAsk) {
    throw new UserError('there is no terminal to ask for confirmation: use --yes or --dry-run', {code: 'usage'})
  }
  const found = failIfIncomplete()
  const prune = async (client: Client) => {
    const now = Date.now()
    const sessions = await client.listSessions()
    const old = selectOld(sessions, now - olderThan)
    const lines = old.map((session) => (json ? toJson(session) : toText(session, now)))
    const isNothing = lines.length === 0 && !json && !found.isIncomplete
    await printLines(isNothing ? ['There is nothing to delete.'] : lines)
    if (dryRun || old.length === 0) return
    if (!yes && !(await isConfirmed(old.length))) return printError('nothing was deleted')
    for (const {id} of old) {
      try {
        await client.request('session.delete', {session_id: id})
      } catch (error) {
        // Opened or deleted meanwhile: go on with the others.
        if (!isRpcError(error)) throw error
        printError(error.message)
        process.exitCode = 1
      }
    }
  }
  await withClient(gateway, prune, {deletes: true, onIncomplete: found.onIncomplete})
}

/** Closed and stopped sessions that were last used before a time, epoch ms; never unreadable ones, nor those whose machine is away. */
export function selectOld(sessions: readonly SessionSummary[], before: number): SessionSummary[] {
  const isDone = ({state, machine_silent}: SessionSummary) =>
    state === 'closed' || (state === 'stopped' && machine_silent !== true)
  return sessions.filter((each) => isDone(each) && each.updated_at > 0 && each.updated_at < before)
}

function toJson({id, title, state, updated_at}: SessionSummary): string {
  return toJsonLine({id, title, state, updated_at})
}

function toText({id, title, state, updated_at}: SessionSummary, now: number): string {
  return `${id}  ${state}  ${formatAge(now - updated_at)}  ${toListLine(title)}`
}

async function isConfirmed(count: number): Promise<boolean> {
  const asking = createInterface({input: process.stdin, output: process.stdout})
  try {
    const what = count === 1 ? 'this session' : `these ${count} sessions`
    return /^y(es)?$/i.test((await asking.question(`Delete ${what} for good? [y/N] `)).trim())
  } catch {
    // Ctrl-D, or Ctrl-C.
    return false
  } finally {
    asking.close()
  }
}
