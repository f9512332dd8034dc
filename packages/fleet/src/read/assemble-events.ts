import type {EncodedEvent} from '@holdfast/event-log'
import {readEnvelope, type SessionEvent} from '@holdfast/protocol'

import {FleetError} from '../fleet-error.ts'
import {splitMessage} from '../ship/cut-messages.ts'
import type {Envelope, LogEnvelope} from '../stream/envelope.ts'

/** A message as a reader gets it. */
export interface Delivery {
  sequence: number
  envelope: Envelope
  body: Uint8Array
}

/** What a reader knows after the messages up to a stream sequence. */
export interface ReaderState {
  /** The stream sequence of the last message that was read. */
  sequence: number
  /** The epoch of the last claim that was read. */
  epoch: number
  /** The seq of the last event that was read. */
  seq: number
  /** The pieces of event `seq + 1` that were read. */
  pieces: readonly Uint8Array[]
}

export type Assembled =
  | {kind: 'deleted'}
  | {kind: 'read'; state: ReaderState; events: readonly EncodedEvent[]}
  /** Events before the message are missing. */
  | {kind: 'gap'; expected: number; got: number}

/**
 * Takes one message of a session, in the order of the stream. What was read before is left out; so is what a machine wrote
 * after another one had claimed the session.
 */
export function assembleEvents(state: ReaderState, {sequence, envelope, body}: Delivery): Assembled {
  if (sequence <= state.sequence) return {kind: 'read', state, events: []}
  const next = {...state, sequence}
  if (envelope.kind === 'claim') {
    if (envelope.state === 'deleted') return {kind: 'deleted'}
    if (envelope.epoch <= state.epoch) return {kind: 'read', state: next, events: []}
    // The rest of an event that the holder before has begun to send will not come.
    return {kind: 'read', state: {...next, epoch: envelope.epoch, pieces: []}, events: []}
  }
  if (envelope.epoch < state.epoch) return {kind: 'read', state: next, events: []}
  if (envelope.first > state.seq + 1) return {kind: 'gap', expected: state.seq + 1, got: envelope.first}
  if (envelope.last <= state.seq) return {kind: 'read', state: next, events: []}
  if (envelope.piece !== undefined) return takePiece(next, envelope.piece, body)
  return finish(next, envelope, splitMessage(body))
}

function takePiece(state: ReaderState, [piece, count]: [number, number], body: Uint8Array): Assembled {
  // A holder that does not know how far it came sends all pieces again, and they are the same.
  if (piece !== state.pieces.length + 1) return {kind: 'read', state, events: []}
  const pieces = [...state.pieces, body]
  if (piece < count) return {kind: 'read', state: {...state, pieces}, events: []}
  const events = [readEvent(Buffer.concat(pieces).toString())]
  return {kind: 'read', state: {...state, seq: state.seq + 1, pieces: []}, events}
}

function finish(state: ReaderState, {last}: LogEnvelope, lines: readonly string[]): Assembled {
  const events = lines.map(readEvent).filter(({event}) => event.seq > state.seq)
  return {kind: 'read', state: {...state, seq: last, pieces: []}, events}
}

/** Checks the envelope only: a newer version may have written the event. */
function readEvent(json: string): EncodedEvent {
  const event = readEnvelope(readJson(json))
  if (event === undefined)
    throw new FleetError('unreadable', `Expected an event, got ${json.length} characters of something else`)
  return {event: event as SessionEvent, json}
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
