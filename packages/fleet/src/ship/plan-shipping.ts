import {completeThrough, type LogEnvelope} from '../stream/envelope.ts'
import type {Stored} from '../stream/session-messages.ts'

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
 * Where a holder goes on after an answer that was lost, or a message that was refused, from the last message with events.
 *
 * `deleted`: there is none, so somebody has deleted the session. A piece of an event counts only with all that follow: they
 * are sent again from the first.
 */
export function findPosition(
  known: Position,
  last: Stored<LogEnvelope> | undefined,
): {kind: 'at'; position: Position} | {kind: 'replaced'; machine: string; epoch: number} | {kind: 'deleted'} {
  if (last === undefined) return {kind: 'deleted'}
  const {envelope, sequence} = last
  if (envelope.epoch > known.epoch) return {kind: 'replaced', machine: envelope.machine, epoch: envelope.epoch}
  // A message of the holder before came late. It does not count, but the next one must follow it.
  const through = envelope.epoch < known.epoch ? 0 : completeThrough(envelope)
  if (through <= known.through) return {kind: 'at', position: {...known, sequence}}
  return {kind: 'at', position: {...known, sequence, through, throughAt: envelope.at}}
}

/** The position after a message was stored. */
export function advance(position: Position, {sequence, envelope}: Stored<LogEnvelope>): Position {
  return {...position, sequence, through: completeThrough(envelope), throughAt: envelope.at}
}

/** How long to wait after this many failures in a row, ms; `random` from 0 to 1 spreads the machines of a fleet. */
export function retryDelayMs(failures: number, random: number): number {
  return Math.min(100 * 2 ** (failures - 1), 2000) * (1 - random / 2)
}
