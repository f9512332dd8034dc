import type {SessionSummary} from '@holdfast/protocol'
import {toJsonLine} from '@holdfast/terminal'

import {invocation} from '../../process/invocation.ts'
import {printLines} from '../../process/standard-output.ts'
import {terminalSize} from '../../process/terminal-size.ts'
import {invocationFor, type GatewayChoice} from '../../sessions/gateway-choice.ts'
import {withClient} from '../../sessions/with-client.ts'
import {sessionTable} from './session-table.ts'

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
  const toTable = (rows: readonly SessionSummary[]) => sessionTable(rows, now, terminalSize()?.cols)
  return [...toTable(staying), ...(oneShot.length > 0 ? [...heading, ...toTable(oneShot)] : [])]
}
