import {completeThrough, type LogEnvelope, type LogPart, type Stored} from '../stream/envelope.ts'

/** How far a holder knows that its events are stored. */
export interface Position {
  epoch: number
  /** The stream sequence of the last message with events: the next one must follow it. */
  sequence: number
  /** All events up to this seq are stored. They count once the holder has seen that nobody had claimed the session before. */
  through: number
  /** The time of event `through`, epoch ms; 0 for none. */
  throughAt: number
}

/**
 * What became of a message, after its answer was lost or the server refused it, from the last message with events.
 *
 * `stored`: the last message is the one that was sent. `resend`: send the same message again, and no other one until it is stored: then
 * each message is stored after its predecessor, and a late copy repeats only what is stored before it. `deleted`: there is no message, so
 * somebody has deleted the session.
 */
export function judgeDelivery(
  sent: LogPart,
  last: Stored<LogEnvelope> | undefined,
  epoch: number,
): {kind: 'stored' | 'resend'; sequence: number} | {kind: 'replaced'} | {kind: 'deleted'} {
  if (last === undefined) return {kind: 'deleted'}
  const {envelope, sequence} = last
  if (envelope.epoch > epoch) return {kind: 'replaced'}
  const isSame =
    envelope.epoch === epoch &&
    envelope.first === sent.first &&
    envelope.last === sent.last &&
    envelope.piece?.[0] === sent.piece?.[0]
  return {kind: isSame ? 'stored' : 'resend', sequence}
}

/** The position after a message was stored. */
export function advance(position: Position, sent: LogPart, sequence: number): Position {
  return {...position, sequence, through: completeThrough(sent), throughAt: sent.at}
}

/** How long to wait after this many failures in a row, ms; `random` from 0 to 1 spreads the machines of a fleet. */
export function retryDelayMs(failures: number, random: number): number {
  return Math.min(100 * 2 ** (failures - 1), 2000) * (1 - random / 2)
}
