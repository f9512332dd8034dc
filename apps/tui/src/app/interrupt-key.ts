import type {ClientSession} from '@holdfast/client'

import type {ScreenModel} from '../ui/screen-model.ts'

export interface InterruptKeyOptions {
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'snapshot' | 'setNotice'>
  leave: () => void
  tell: (error: unknown) => void
}

/** Ctrl-C. `isEmpty`: nothing is written that could be lost. False: what is written is to be cleared. */
export type InterruptKey = (isEmpty: boolean) => boolean

/** As long as this is on the screen, the next Ctrl-C leaves; not by a clock, which might differ from what is seen. */
const leaveNotice = 'Press Ctrl-C again to leave'
const leaveWithinMs = 2000

/** Ctrl-C interrupts what runs; else what is written is cleared; else, twice, the screen is left. */
export function createInterruptKey({session, model, leave, tell}: InterruptKeyOptions): InterruptKey {
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
    if (model.snapshot.notice === leaveNotice) leave()
    else model.setNotice(leaveNotice, {forMs: leaveWithinMs})
    return true
  }
}
