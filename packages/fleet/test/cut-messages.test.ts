import type {EncodedEvent} from '@holdfast/event-log'
import type {SessionEvent} from '@holdfast/protocol'
import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {assembleEvents, type ReaderState} from '../src/read/assemble-events.ts'
import {cutMessages, type LogMessage} from '../src/ship/cut-messages.ts'

function encode(seq: number, text: string): EncodedEvent {
  const event = {type: 'note', session_id: '0123456789', seq, at: seq * 10, payload: {text, level: 'info'}}
  return {event: event as SessionEvent, json: JSON.stringify(event)}
}

/** All messages, as a shipper asks for them. */
function cutAll(events: readonly EncodedEvent[], maxBytes: number): LogMessage[] {
  const messages: LogMessage[] = []
  for (let done = 0; done < events.length; done = messages.at(-1)!.part.last) {
    messages.push(...cutMessages(events.slice(done), {maxBytes, throughAt: done * 10}))
  }
  return messages
}

const texts = fc.array(fc.oneof(fc.string(), fc.string({unit: 'grapheme', minLength: 100, maxLength: 400})), {
  minLength: 1,
  maxLength: 20,
})

test('no message is larger than its bound, and a reader gets the same events, also if messages come twice', () => {
  fc.assert(
    fc.property(texts, fc.integer({min: 1, max: 500}), fc.boolean(), (all, maxBytes, isTwice) => {
      const events = all.map((text, index) => encode(index + 1, text))
      const messages = cutAll(events, maxBytes)
      for (const {body} of messages) expect(body.length).toBeLessThanOrEqual(maxBytes)
      const sent = isTwice ? messages.flatMap((message) => [message, message]) : messages

      let state: ReaderState = {sequence: 0, epoch: 1, seq: 0, pieces: []}
      const read = sent.flatMap(({body, part}, index) => {
        const envelope = {v: 1, kind: 'log', epoch: 1, machine: 'box', after: index, ...part} as const
        const assembled = assembleEvents(state, {sequence: index + 1, envelope, body})
        if (assembled.kind !== 'read') throw new Error(`Expected events, got ${JSON.stringify(assembled)}`)
        state = assembled.state
        return assembled.events
      })

      expect(read).toEqual(events)
    }),
  )
})

test('a message says the time of the last event that is complete after it', () => {
  const messages = cutAll([encode(1, 'a'), encode(2, 'b'), encode(3, 'x'.repeat(400))], 250)
  const parts = messages.map(({part}) => part)
  expect(parts).toEqual([
    {first: 1, last: 2, at: 20},
    {first: 3, last: 3, at: 20, piece: [1, 2]},
    {first: 3, last: 3, at: 30, piece: [2, 2]},
  ])
})
