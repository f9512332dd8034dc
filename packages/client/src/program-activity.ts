import type {Activity, ProgramInput} from '@holdfast/protocol'

import {callListener} from './call-listener.ts'
import type {GatewayRequest} from './session-requests.ts'

/** What the running program of a session seems to do. */
export interface ProgramActivity {
  readonly current: Activity | undefined
  /** See `ClientSession`. */
  readonly hiddenAt: number
  /** `undefined`: nothing runs, or nothing is known. */
  set(next: Activity | undefined): void
  /** The host has sent a `hidden_at`. */
  noteHidden(at: number | undefined): void
  look(): Promise<ProgramInput>
}

export function createProgramActivity(
  id: string,
  request: GatewayRequest,
  onActivity: ((activity: Activity | undefined) => void) | undefined,
): ProgramActivity {
  let current: Activity | undefined
  let hiddenAt = 0
  const noteHidden = (at: number | undefined) => void (hiddenAt = Math.max(hiddenAt, at ?? 0))
  return {
    get current() {
      return current
    },
    get hiddenAt() {
      return hiddenAt
    },
    set(next) {
      if (current === next) return
      noteHidden(next?.hidden_at)
      current = next
      callListener(() => onActivity?.(next))
    },
    noteHidden,
    async look() {
      const {input, hidden_at} = await request('session.look', {session_id: id})
      noteHidden(hidden_at)
      return input
    },
  }
}
