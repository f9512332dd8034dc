import {stripVTControlCharacters} from 'node:util'

import {readEvent, type Client} from '@holdfast/client'
import {decodeOutput} from '@holdfast/protocol'

import {toPlainLine} from '../to-visible-line.ts'

/** Of the end of a log, so many events are looked at. */
const lookedAt = 20

const decoder = new TextDecoder()

/** The last line that a session printed, or else its last prompt; `undefined` where neither is near the end of its log. */
export async function readLastLine(client: Client, sessionId: string): Promise<string | undefined> {
  const {events} = await client.request('session.events', {
    session_id: sessionId,
    before_seq: Number.MAX_SAFE_INTEGER,
    limit: lookedAt,
  })
  for (const wire of events.toReversed()) {
    const event = readEvent(wire, () => undefined)
    if (event?.type === 'message.start') return `❯ ${toPlainLine(event.payload.text)}`
    if (event?.type !== 'message.delta') continue
    const text = event.payload.text ?? decoder.decode(decodeOutput(event.payload))
    const line = stripVTControlCharacters(text)
      .split(/[\r\n]/)
      .findLast((each) => each.trim() !== '')
    if (line !== undefined) return toPlainLine(line)
  }
  return undefined
}
