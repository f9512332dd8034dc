import {readEvent, type Client} from '@holdfast/client'
import {decodeOutput} from '@holdfast/protocol'
import {toPlainOutput, toPlainLine} from '@holdfast/terminal'

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
  let output = ''
  let lastPrompt: string | undefined
  for (const wire of events) {
    const event = readEvent(wire, () => undefined)
    if (event?.type === 'message.start') {
      lastPrompt = `❯ ${toPlainLine(event.payload.text)}`
      output = ''
    }
    // Escapes may be cut between two of them.
    if (event?.type === 'message.delta') output += event.payload.text ?? decoder.decode(decodeOutput(event.payload))
  }
  const line = toPlainOutput(output)
    .split('\n')
    .findLast((each) => each.trim() !== '')
  return line === undefined ? lastPrompt : toPlainLine(line)
}
