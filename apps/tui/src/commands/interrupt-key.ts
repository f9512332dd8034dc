import type {ClientSession} from '@holdfast/client'

import type {ScreenModel} from '../screen/screen-model.ts'

export interface InterruptKeyOptions {
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'setNotice'>
  leave: () => void
  tell: (error: unknown) => void
}

/** Ctrl-C. `isEmpty`: nothing is written that could be lost. False: what is written is to be cleared. */
export type InterruptKey = (isEmpty: boolean) => boolean

/** How long after one Ctrl-C the next one leaves, ms. */
const leaveWithinMs = 2000

/** Ctrl-C interrupts what runs; else what is written is cleared; else, twice, the screen is left. */
export function createInterruptKey({session, model, leave, tell}: InterruptKeyOptions): InterruptKey {
  let lastAt = -Infinity

  const interrupt = async (to: ClientSession) => {
    const isDone = await to.interrupt()
    // What comes of it is shown when it is saved, which may take long: that it was done is told.
    if (isDone && to.status.kind === 'not-saved')
      model.setNotice('Ctrl-C was passed on; what comes of it is shown when it can be saved')
  }

  return (isEmpty) => {
    const open = session()
    // While nobody can be asked, an interrupt would come late, as a surprise.
    const isReached = open?.status.kind === 'live' || open?.status.kind === 'not-saved'
    if (open?.state.running != null && isReached) {
      void interrupt(open).catch(tell)
      return true
    }
    if (!isEmpty) return false
    const now = performance.now()
    if (now - lastAt < leaveWithinMs) leave()
    else model.setNotice('Press Ctrl-C again to leave', {forMs: leaveWithinMs})
    lastAt = now
    return true
  }
}
