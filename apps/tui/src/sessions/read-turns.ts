import {readEvent, type Client} from '@holdfast/client'
import {outputText} from '@holdfast/protocol'

/** A prompt to the agent of a session, and the beginning of the answer. */
export interface Turn {
  prompt: string
  answer: string
}

export interface ReadTurnsOptions {
  /** The beginning of each prompt and of each answer that is kept, UTF-16 units. */
  maxLength: number
  maxTurns: number
}

/** Pages of the log that are read at most: an answer of many small parts is long in events. */
const maxPages = 200

/** Reads the last turns of a session, in order; not the commands for its shell. `isWhole`: there are no earlier ones. */
export async function readTurns(
  client: Pick<Client, 'request'>,
  sessionId: string,
  {maxLength, maxTurns}: ReadTurnsOptions,
): Promise<{turns: Turn[]; isWhole: boolean}> {
  const turns: Turn[] = []
  const answers = new Map<string, string>()
  let before = Number.MAX_SAFE_INTEGER
  for (let page = 0; page < maxPages; page++) {
    const {events} = await client.request('session.events', {session_id: sessionId, before_seq: before})
    before = events[0]?.seq ?? 1
    for (const wire of events.toReversed()) {
      const event = readEvent(wire, () => undefined)
      if (event?.type === 'message.delta') {
        const {prompt_id} = event.payload
        answers.set(prompt_id, (outputText(event.payload) + (answers.get(prompt_id) ?? '')).slice(0, maxLength))
      }
      if (event?.type !== 'message.start') continue
      const {prompt_id, text, in_shell} = event.payload
      const answer = answers.get(prompt_id) ?? ''
      answers.delete(prompt_id)
      if (in_shell === true) continue
      if (turns.length === maxTurns) return {turns: turns.reverse(), isWhole: false}
      turns.push({prompt: text.slice(0, maxLength), answer})
    }
    if (before <= 1) return {turns: turns.reverse(), isWhole: true}
  }
  return {turns: turns.reverse(), isWhole: false}
}
