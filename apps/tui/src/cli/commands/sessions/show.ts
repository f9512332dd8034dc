import {UserError} from '../../../process/user-error.ts'
import {createJsonPrinter} from '../../../export/event-printer.ts'
import {followSession} from '../../../sessions/follow-session.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {readLog} from '../../../sessions/read-log.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withStandardOutput} from '../../../process/standard-output.ts'
import {createTranscriptPrinter} from '../../../export/transcript-printer.ts'
import {withClient} from '../../../sessions/with-client.ts'

export interface ShowOptions {
  json?: boolean
  after?: number
  follow?: boolean
  gateway: GatewayChoice
}

/** Prints a session from its log; needs no host. */
export async function showSession(sessionId: string, options: ShowOptions): Promise<void> {
  const {json = false, after = 0, follow = false, gateway} = options
  expectSessionId(sessionId)
  await withClient(gateway, (client) =>
    withStandardOutput(async (stdout) => {
      const printer = json
        ? createJsonPrinter(stdout.write)
        : createTranscriptPrinter(stdout.write, {isTerminal: stdout.isTerminal, isLive: follow})
      const read = {afterSeq: after, onEvent: printer.print, stdout}
      const end = follow ? await followSession(client, sessionId, read) : await readLog(client, sessionId, read)
      printer.flush()
      if ('kind' in end && end.kind === 'failed') throw new UserError(end.message)
    }),
  )
}
