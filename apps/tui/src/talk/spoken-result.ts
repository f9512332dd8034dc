import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'
import {
  describeEarlyEnd,
  describeExit,
  describeLines,
  describeStatus,
  describeUnknownStatus,
  formatDuration,
  isStopped,
  leastShownMs,
} from '@holdfast/session-view'

/** The result of a prompt for a screen reader: `exit 0, 1.2 s`, `exit 127: command not found`, `interrupted, exit 130, 0.3 s`, `exit 0, now in /srv`. Pure. */
export function spokenResult(payload: EventPayload<'message.complete'>): string {
  const {status, exit_code, signal, duration_ms = 0, cwd} = payload
  const lines = describeLines(payload)
  const isPlain =
    status === 'complete' && describeUnknownStatus(payload) === undefined && describeEarlyEnd(payload) === undefined
  const parts = [
    ...(isPlain ? [] : [describeStatus(payload)]),
    // A prompt of an agent has no exit code.
    ...(isPlain && exit_code === undefined ? ['done'] : []),
    ...(lines === undefined ? [] : [lines]),
    ...(isStopped(payload) ? ['stopped: fg continues it'] : []),
    ...(exit_code === undefined
      ? []
      : [isPlain && !isStopped(payload) ? describeExit(exit_code) : `exit ${exit_code}`]),
    ...(signal === undefined ? [] : [`ended by ${toPlainLine(signal)}`]),
    ...(duration_ms < leastShownMs ? [] : [formatDuration(duration_ms)]),
    ...(cwd === undefined ? [] : [`now in ${toPlainLine(cwd)}`]),
  ]
  return parts.join(', ')
}
