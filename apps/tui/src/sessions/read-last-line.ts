import {readEvent, type Client} from '@holdfast/client'
import {outputText} from '@holdfast/protocol'
import {toListLine, toPlainLine, toPlainOutput} from '@holdfast/terminal'

/** Events that are read from the end of the log. */
const maxEvents = 20

/** The last output line of a session, or else its last prompt; `undefined` if neither is near the end of the log. */
export async function readLastLine(client: Client, sessionId: string): Promise<string | undefined> {
  const {events} = await client.request('session.events', {
    session_id: sessionId,
    before_seq: Number.MAX_SAFE_INTEGER,
    limit: maxEvents,
    types: ['message.start', 'message.delta'],
  })
  let output = ''
  let lastPrompt: string | undefined
  for (const wire of events) {
    const event = readEvent(wire, () => undefined)
    if (event?.type === 'message.start') {
      lastPrompt = `❯ ${toListLine(event.payload.text)}`
      output = ''
    }
    // A sequence may be split between two events.
    if (event?.type === 'message.delta' || event?.type === 'background.output') output += outputText(event.payload)
  }
  const line = toPlainOutput(output)
    .split('\n')
    .findLast((each) => each.trim() !== '')
  return line === undefined ? lastPrompt : toPlainLine(line)
}
