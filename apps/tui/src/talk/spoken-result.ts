import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import {describeEarlyEnd, describeLines, describeStatus, describeUnknownStatus, isStopped} from '../format/outcomes.ts'
import {formatDuration} from '../format/quantities.ts'

/** The result of a prompt for a screen reader: `exit 0, 1.2 s`, `stopped: fg continues it, exit 148, 2.0 s`, `interrupted, exit 130, 0.3 s`. Pure. */
export function spokenResult(payload: EventPayload<'message.complete'>): string {
  const {status, exit_code, signal, duration_ms} = payload
  const lines = describeLines(payload)
  const isPlain =
    status === 'complete' && describeUnknownStatus(payload) === undefined && describeEarlyEnd(payload) === undefined
  const parts = [
    ...(isPlain ? [] : [describeStatus(payload)]),
    // A prompt of an agent has no exit code.
    ...(isPlain && exit_code === undefined ? ['done'] : []),
    ...(lines === undefined ? [] : [lines]),
    ...(isStopped(payload) ? ['stopped: fg continues it'] : []),
    ...(exit_code === undefined ? [] : [`exit ${exit_code}`]),
    ...(signal === undefined ? [] : [`ended by ${toPlainLine(signal)}`]),
    ...(duration_ms === undefined ? [] : [formatDuration(duration_ms)]),
  ]
  return parts.join(', ')
}
