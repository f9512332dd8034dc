import {appendFileSync, closeSync, openSync} from 'node:fs'

import type {Client} from '@holdfast/client'
import type {SessionSummary} from '@holdfast/protocol'

import {UserError} from '../user-error.ts'
import {createJsonPrinter} from './event-printer.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {createMarkdownPrinter} from './markdown-printer.ts'
import {readLog} from './read-log.ts'
import {expectSessionId, withList} from './session-id.ts'
import {withStandardOutput, type StandardOutput} from './standard-output.ts'
import {withClient} from './with-client.ts'

/** `jsonl`: the events as they are in the log, one a line. */
export type ExportFormat = 'markdown' | 'jsonl'

export interface ExportOptions {
  format: ExportFormat
  /** A file that is not there yet. @default stdout */
  output?: string
  gateway: GatewayChoice
}

/** Writes what was said and printed in a session as a page of Markdown, or as its events, one a line. */
export async function exportSession(sessionId: string, {format, output, gateway}: ExportOptions): Promise<void> {
  expectSessionId(sessionId)
  await withClient(gateway, async (client) => {
    if (output !== undefined) return await exportToFile(client, sessionId, format, output)
    const summary = await summaryOf(client, sessionId)
    await withStandardOutput((stdout) => writeExport(client, summary, format, stdout))
  })
}

/** Writes an export to a file that is not there yet. */
export async function exportToFile(
  client: Client,
  sessionId: string,
  format: ExportFormat,
  path: string,
): Promise<void> {
  const summary = await summaryOf(client, sessionId)
  const file = create(path)
  try {
    const write = (data: string | Uint8Array) => appendFileSync(file, data)
    await writeExport(client, summary, format, {write, isFull: false, flushed: () => Promise.resolve()})
  } finally {
    closeSync(file)
  }
}

type Sink = Pick<StandardOutput, 'write' | 'isFull' | 'flushed'>

async function writeExport(client: Client, summary: SessionSummary, format: ExportFormat, sink: Sink): Promise<void> {
  const printer = format === 'jsonl' ? createJsonPrinter(sink.write) : createMarkdownPrinter(sink.write, summary)
  await readLog(client, summary.id, {afterSeq: 0, onEvent: printer.print, stdout: sink})
  printer.flush()
}

async function summaryOf(client: Client, sessionId: string): Promise<SessionSummary> {
  const {sessions} = await client.request('session.list', {})
  const summary = sessions.find(({id}) => id === sessionId)
  if (summary === undefined) throw new UserError(withList(`there is no session ${sessionId}`))
  return summary
}

/** What was exported before is not lost to a slip. */
function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new UserError(`expected a file that is not there yet, got \`${path}\`, which is`)
    throw new UserError(`\`${path}\` cannot be written: ${message}`)
  }
}
