import type {Client} from '@holdfast/client'
import {parseEvent, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'

import {UserError} from '../user-error.ts'
import {createJsonPrinter, type EventPrinter} from './event-printer.ts'
import {openStandardOutput} from './standard-output.ts'
import {createTranscriptPrinter} from './transcript-printer.ts'
import {withClient} from './with-client.ts'

export interface ShowOptions {
  json?: boolean
  after?: number
  follow?: boolean
}

/** Prints what was said and printed in a session, from its log: no host need live for it. */
export async function showSession(sessionId: string, options: ShowOptions): Promise<void> {
  const {json = false, after = 0, follow = false} = options
  const left = Promise.withResolvers<void>()
  const stdout = openStandardOutput(left.resolve)
  const printer = json ? createJsonPrinter(stdout.write) : createTranscriptPrinter(stdout.write, stdout)

  await withClient(async (client) => {
    const {lastSeq, isClosed} = await printLog(client, sessionId, after, printer, stdout.flushed)
    if (follow && !isClosed) await printLive(client, sessionId, lastSeq, printer, left.promise)
    printer.flush()
    await stdout.flushed()
  })
}

async function printLog(
  client: Client,
  sessionId: string,
  after: number,
  printer: EventPrinter,
  flushed: () => Promise<void>,
): Promise<{lastSeq: number; isClosed: boolean}> {
  let lastSeq = after
  let isClosed = false
  for (;;) {
    const {events} = await client.request('session.events', {session_id: sessionId, after_seq: lastSeq})
    if (events.length === 0) return {lastSeq, isClosed}
    for (const wire of events) {
      const event = parseEvent(wire) as SessionEvent | UnknownEvent
      printer.print(event, wire)
      lastSeq = event.seq
      isClosed = event.type === 'session.closed'
    }
    await flushed()
  }
}

async function printLive(
  client: Client,
  sessionId: string,
  afterSeq: number,
  printer: EventPrinter,
  left: Promise<void>,
): Promise<void> {
  const ended = Promise.withResolvers<void>()
  await client.openSession(sessionId, {
    afterSeq,
    onEvent: printer.print,
    onStatus(status) {
      if (status.kind === 'ended') ended.resolve()
      if (status.kind === 'gave-up' || status.kind === 'detached') ended.reject(new UserError(status.why))
    },
  })
  await Promise.race([ended.promise, left])
}
