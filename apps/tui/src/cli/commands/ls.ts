import type {SessionSummary} from '@holdfast/protocol'

import stringWidth from 'string-width'
import {toJsonLine, toPlainLine} from '@holdfast/terminal'

import {formatAge} from '../../format/quantities.ts'
import {invocation} from '../../process/invocation.ts'
import {printLines} from '../../process/standard-output.ts'
import {invocationFor, type GatewayChoice} from '../../sessions/gateway-choice.ts'
import {withClient} from '../../sessions/with-client.ts'

/** Prints the sessions, most recently used first; in a table of their own those that end with their command. */
export async function listSessions({json, gateway}: {json?: boolean; gateway: GatewayChoice}): Promise<void> {
  const sessions = await withClient(gateway, (client) => client.listSessions())
  const lines = json ? sessions.map(toJson) : toTables(sessions, gateway, Date.now())
  await printLines(lines)
}

function toJson({id, title, agent, cwd, state, created_at, one_shot}: SessionSummary): string {
  return toJsonLine({id, title, agent, cwd, state, created_at, one_shot})
}

function toTables(sessions: readonly SessionSummary[], gateway: GatewayChoice, now: number): string[] {
  if (sessions.length === 0) return [`No sessions yet. \`${invocationFor(gateway)}\` opens one.`]
  const staying = sessions.filter(({one_shot}) => one_shot !== true)
  const oneShot = sessions.filter(({one_shot}) => one_shot === true)
  const heading = [...(staying.length > 0 ? [''] : []), `Commands of \`${invocation('run')}\`:`]
  return [...toTable(staying, now), ...(oneShot.length > 0 ? [...heading, ...toTable(oneShot, now)] : [])]
}

function toTable(sessions: readonly SessionSummary[], now: number): string[] {
  if (sessions.length === 0) return []
  const rows = sessions.map(({id, state, title, cwd, updated_at}) => [
    id,
    state,
    // Nobody knows when a session was used whose log cannot be read.
    state === 'unreadable' ? '-' : formatAge(now - updated_at),
    toPlainLine(title),
    toPlainLine(cwd),
  ])
  const table = [['ID', 'STATE', 'USED', 'TITLE', 'FOLDER'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))))
  const pad = (cell: string, column: number) =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)))
  return table.map((row) => row.map(pad).join('  ').trimEnd())
}
