import {constants} from 'node:os'

import type {EventPayload} from '@holdfast/protocol'

/** The exit status of a command as a shell reports it: 128 plus the number of a signal; 1 if neither is known. Pure. */
export function exitCodeOf({exit_code, signal}: EventPayload<'message.complete'>): number {
  const number = signal === undefined ? undefined : constants.signals[signal as NodeJS.Signals]
  return exit_code ?? (number === undefined ? 1 : 128 + number)
}
