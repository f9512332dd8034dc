import {summaryOf} from '../../../export/export-session.ts'
import {writeRecording} from '../../../export/record-session.ts'
import {writeNewFile} from '../../../export/write-new-file.ts'
import {withStandardOutput} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'
import {fileAnswer, type FileOptions} from '../../file-answer.ts'

export interface RecordOptions extends FileOptions<'asciicast'> {
  /** The seq of the first event to record. @default the first one of the session */
  from?: number
  /** The seq of the last one. @default the last one of the session */
  to?: number
  gateway: GatewayChoice
}

/** Writes a recording of a session in the asciicast format, from its log; needs no host. */
export async function recordSession(sessionId: string, options: RecordOptions): Promise<Answer> {
  const {from = 1, to, output, gateway} = options
  expectSessionId(sessionId)
  const answer = fileAnswer(options)
  if (to !== undefined && to < from)
    throw new UserError(`expected --to to be an event from ${from} on, got ${to}`, {code: 'usage'})
  await withClient(gateway, async (client) => {
    const summary = await summaryOf(client, sessionId)
    const part = {from, to}
    if (output === undefined) return await withStandardOutput((stdout) => writeRecording(client, summary, stdout, part))
    await writeNewFile(output, (write) =>
      writeRecording(client, summary, {write, isFull: false, flushed: () => Promise.resolve()}, part),
    )
  })
  return answer
}
