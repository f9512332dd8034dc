import {readEvent, type Client} from '@holdfast/client'
import {outputText} from '@holdfast/protocol'
import {toPlainOutput} from '@holdfast/terminal'

/** Terminals accept little more in one OSC 52 sequence. */
export const maxCopiedBytes = 64 * 1024

const pageEvents = 200

/**
 * The output of a prompt as plain text, at most its last 64 KiB; `undefined` if it printed nothing.
 * `prompt`: where its events are. @default the last one that printed something
 */
export async function readLastOutput(
  client: Pick<Client, 'request'>,
  sessionId: string,
  prompt?: {startSeq: number; endSeq: number},
): Promise<{text: string; isWhole: boolean} | undefined> {
  let text = ''
  let isWhole = false
  let beforeSeq = prompt?.endSeq ?? Number.MAX_SAFE_INTEGER
  while (beforeSeq > 1 && !isWhole && text.length < 2 * maxCopiedBytes) {
    const page = await client.request('session.events', {
      session_id: sessionId,
      before_seq: beforeSeq,
      limit: pageEvents,
    })
    for (const wire of page.events.toReversed()) {
      beforeSeq = wire.seq
      const event = readEvent(wire, () => undefined)
      if (event?.type === 'message.delta') text = outputText(event.payload) + text
      isWhole = prompt === undefined ? event?.type === 'message.start' && text !== '' : wire.seq <= prompt.startSeq
      if (isWhole) break
    }
    if (page.events.length === 0) break
  }
  if (text === '') return undefined
  const shown = toPlainOutput(text)
  const bytes = Buffer.from(shown)
  if (bytes.length <= maxCopiedBytes) return {text: shown, isWhole}
  return {
    text: bytes
      .subarray(-maxCopiedBytes)
      .toString()
      .replace(/^\ufffd+/, ''),
    isWhole: false,
  }
}
