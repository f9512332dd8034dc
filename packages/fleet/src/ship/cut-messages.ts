import type {EncodedEvent} from '@holdfast/event-log'

import type {LogPart} from '../stream/envelope.ts'

/** A message with events. */
export interface LogMessage {
  part: LogPart
  body: Uint8Array
}

const newline = '\n'

/**
 * Cuts events that follow each other into messages of at most `maxBytes`: one with as many whole events as fit, or all pieces of
 * the first event if that is larger. `throughAt`: the time of the event before them, 0 for none.
 */
export function* cutMessages(
  events: readonly EncodedEvent[],
  {maxBytes, throughAt}: {maxBytes: number; throughAt: number},
): Generator<LogMessage, undefined> {
  const lines: string[] = []
  let bytes = 0
  for (const {json} of events) {
    bytes += Buffer.byteLength(json) + newline.length
    if (bytes > maxBytes) break
    lines.push(json)
  }
  const first = events[0]
  const last = events[lines.length - 1]
  if (first === undefined) return
  if (last !== undefined) {
    const part = {first: first.event.seq, last: last.event.seq, at: last.event.at}
    yield {part, body: Buffer.from(lines.join(newline))}
    return
  }
  const whole = Buffer.from(first.json)
  const count = Math.ceil(whole.length / maxBytes)
  const {seq, at} = first.event
  for (let piece = 1; piece <= count; piece++) {
    const body = whole.subarray((piece - 1) * maxBytes, piece * maxBytes)
    yield {part: {first: seq, last: seq, at: piece === count ? at : throughAt, piece: [piece, count]}, body}
  }
}

/** The JSON of the events of a message. */
export function splitMessage(body: Uint8Array): string[] {
  return body.length === 0 ? [] : Buffer.from(body.buffer, body.byteOffset, body.length).toString().split(newline)
}
