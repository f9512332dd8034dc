import {expectSessionId} from '../../../sessions/session-id.ts'
import {withStandardOutput} from '../../../process/standard-output.ts'
import {exportToFile, summaryOf, writeExport, type ExportFormat} from '../../../export/export-session.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'
import {fileAnswer, type FileOptions} from '../../file-answer.ts'

export interface ExportOptions extends FileOptions<ExportFormat> {
  gateway: GatewayChoice
}

/** Writes a session as Markdown or as NDJSON events. */
export async function exportSession(sessionId: string, options: ExportOptions): Promise<Answer> {
  const {format, output, gateway} = options
  expectSessionId(sessionId)
  const answer = fileAnswer(options)
  await withClient(gateway, async (client) => {
    if (output !== undefined) return await exportToFile(client, sessionId, format, output)
    const summary = await summaryOf(client, sessionId)
    await withStandardOutput((stdout) => writeExport(client, summary, format, stdout))
  })
  return answer
}
