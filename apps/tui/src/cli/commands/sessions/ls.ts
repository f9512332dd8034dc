import type {SessionSummary} from '@holdfast/protocol'
import {toJsonLine} from '@holdfast/terminal'
import {formatTags} from '@holdfast/session-view'

import {printLines} from '../../../process/standard-output.ts'
import {terminalSize} from '../../../process/terminal-size.ts'
import {invocationFor, machineOf, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {shownFolder} from '../../../ui/shown-folder.ts'
import {failIfIncomplete} from '../../../sessions/incomplete-list.ts'
import {withClient} from '../../../sessions/with-client.ts'
import {sessionTable} from './session-table.ts'

export interface ListOptions {
  json?: boolean
  /** Only sessions that have all of these tags. */
  tag?: readonly string[]
  gateway: GatewayChoice
}

/** Prints the sessions, most recently used first; in a table of their own those that end with their command. */
export async function listSessions({json, tag: wanted = [], gateway}: ListOptions): Promise<void> {
  const found = failIfIncomplete()
  const all = await withClient(gateway, (client) => client.listSessions(), found)
  const sessions = all.filter(({tags = []}) => wanted.every((tag) => tags.includes(tag)))
  if (json) return await printLines(sessions.map(toJson))
  // That there are none is not known.
  if (sessions.length === 0 && found.isIncomplete) return
  await printLines(toTables(sessions, gateway, Date.now(), wanted))
}

function toJson(session: SessionSummary): string {
  const {id, machine, machine_silent, title, tags, agent, cwd} = session
  const {state, waits_for, before_restart, created_at, one_shot} = session
  const facts = {state, waits_for, before_restart, created_at, one_shot}
  return toJsonLine({id, machine, machine_silent, title, tags, agent, cwd, ...facts})
}

function toTables(
  sessions: readonly SessionSummary[],
  gateway: GatewayChoice,
  now: number,
  tags: readonly string[],
): string[] {
  if (sessions.length === 0 && tags.length > 0) return [`No sessions with ${formatTags(tags)}.`]
  if (sessions.length === 0) return [`No sessions yet. \`${invocationFor(gateway)}\` opens one.`]
  const staying = sessions.filter(({one_shot}) => one_shot !== true)
  const oneShot = sessions.filter(({one_shot}) => one_shot === true)
  const heading = [...(staying.length > 0 ? [''] : []), 'For one command or program each:']
  const columns = terminalSize()?.cols
  // Whole for a script that reads the table from a pipe.
  const show = (row: SessionSummary) =>
    columns === undefined ? row : {...row, cwd: shownFolder(machineOf(gateway), row.cwd)}
  const toTable = (rows: readonly SessionSummary[]) => sessionTable(rows.map(show), now, columns)
  return [...toTable(staying), ...(oneShot.length > 0 ? [...heading, ...toTable(oneShot)] : [])]
}
