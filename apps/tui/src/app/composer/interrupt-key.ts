import type {ClientSession} from '@holdfast/client'
import {agentAtWork} from '@holdfast/session-view'

import type {ScreenModel} from '../../ui/screen-model.ts'

type OpenSession = Pick<ClientSession, 'state' | 'status' | 'interrupt'>

export interface InterruptKeyOptions {
  session: () => OpenSession | undefined
  model: Pick<ScreenModel, 'snapshot' | 'setNotice' | 'setStopping'>
  leave: () => void
  reportError: (error: unknown) => void
  /** A monotonic clock, ms. @default performance.now */
  now?: () => number
}

export interface InterruptKey {
  /** Ctrl-C. `isEmpty`: the draft is empty. Returns false to have the draft cleared. */
  press(isEmpty: boolean): boolean
  /** Something else was typed. */
  noteTyped(): void
}

/** While this notice is on the screen, Ctrl-C leaves: the notice that the user sees decides, not a second clock. */
const leaveNotice = 'Press Ctrl-C again to leave'
const leaveWithinMs = 2000
/** Whoever hammers on Ctrl-C until a command ends presses it once too often: not later than this after the last time, ms. */
const hammeringMs = 1000

/**
 * Ctrl-C interrupts the running command; otherwise clears the draft; otherwise, pressed twice, leaves. While a coding agent works, it
 * clears the draft first.
 */
export function createInterruptKey({
  session,
  model,
  leave,
  reportError,
  now = () => performance.now(),
}: InterruptKeyOptions): InterruptKey {
  /** The last Ctrl-C for a command, or right behind one. */
  let interruptedAt = -Infinity

  const interrupt = async (to: OpenSession, promptId: string) => {
    const answering = agentAtWork(to.state)
    // Only the command that the user sees running: the next one may have begun.
    const isDone = await to.interrupt({promptId})
    if (isDone && answering != null) model.setStopping(answering.prompt_id)
    // The result is shown when it is saved, which may take long on a full disk.
    if (isDone && to.status.kind === 'not-saved')
      model.setNotice('Ctrl-C was sent; its result is shown when it can be saved')
  }

  return {
    press(isEmpty) {
      const open = session()
      // Without a connection, the interrupt would arrive late and hit another command.
      const isReached = open?.status.kind === 'live' || open?.status.kind === 'not-saved'
      const running = open?.state.running
      const hasCommand = open !== undefined && running != null
      const isRunning = hasCommand && isReached
      if (!isEmpty && hasCommand && agentAtWork(open.state) !== undefined) return false
      if (hasCommand && open.status.kind === 'recovering') {
        model.setNotice('The command still runs, but cannot be reached: press Ctrl-C again once it can', {
          forMs: leaveWithinMs,
        })
        return true
      }
      if (isRunning) void interrupt(open, running.prompt_id).catch(reportError)
      else if (!isEmpty) return false
      if (isRunning || now() - interruptedAt < hammeringMs) interruptedAt = now()
      else if (model.snapshot.notice === leaveNotice) leave()
      else model.setNotice(leaveNotice, {forMs: leaveWithinMs})
      return true
    },
    noteTyped: () => void (interruptedAt = -Infinity),
  }
}
