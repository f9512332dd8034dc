import type {Client} from '@holdfast/client'
import type {SessionSummary} from '@holdfast/protocol'

import {withListHint} from '../sessions/session-id.ts'
import {UserError} from '../process/user-error.ts'
import {createJsonPrinter} from './event-printer.ts'
import {createMarkdownPrinter} from './markdown-printer.ts'
import {writeNewFile} from './write-new-file.ts'
import {readLog} from '../sessions/read-log.ts'
import type {OutputStream} from '../process/standard-output.ts'

/** `jsonl`: the events of the log, one per line. */
export type ExportFormat = 'markdown' | 'jsonl'

/** The part of a session to export. */
export interface ExportedPart {
  afterSeq: number
  beforeSeq: number
}

/** Writes an export to a new file. `part`: what to export of the session. @default all */
export async function exportToFile(
  client: Client,
  sessionId: string,
  format: ExportFormat,
  path: string,
  part?: ExportedPart,
): Promise<void> {
  const summary = await summaryOf(client, sessionId)
  await writeNewFile(path, (write) =>
    writeExport(client, summary, format, {write, isFull: false, flushed: () => Promise.resolve()}, part),
  )
}

/** Writes a session from its first event to its current end. */
export async function writeExport(
  client: Client,
  summary: SessionSummary,
  format: ExportFormat,
  output: OutputStream,
  {afterSeq, beforeSeq}: Partial<ExportedPart> & Pick<ExportedPart, 'afterSeq'> = {afterSeq: 0},
): Promise<void> {
  const frames = format === 'jsonl'
  const printer = frames ? createJsonPrinter(output.write) : createMarkdownPrinter(output.write, summary)
  await readLog(client, summary.id, {afterSeq, beforeSeq, frames, onEvent: printer.print, stdout: output})
  printer.flush()
}

/** The summary of a session. Throws a `UserError` if there is none. */
export async function summaryOf(client: Client, sessionId: string): Promise<SessionSummary> {
  const sessions = await client.listSessions()
  const summary = sessions.find(({id}) => id === sessionId)
  if (summary === undefined)
    throw new UserError(withListHint(`there is no session ${sessionId}`), {code: 'session_not_found'})
  return summary
}
