import type {ClientSession} from '@holdfast/client'

import type {ScreenModel} from '../ui/screen-model.ts'

export interface InterruptKeyOptions {
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'snapshot' | 'setNotice'>
  leave: () => void
  reportError: (error: unknown) => void
}

/** Ctrl-C. `isEmpty`: the draft is empty. Returns false to have the draft cleared. */
export type InterruptKey = (isEmpty: boolean) => boolean

/** While this notice is on the screen, Ctrl-C leaves: the notice that the user sees decides, not a second clock. */
const leaveNotice = 'Press Ctrl-C again to leave'
const leaveWithinMs = 2000

/** Ctrl-C interrupts the running command; otherwise clears the draft; otherwise, pressed twice, leaves. */
export function createInterruptKey({session, model, leave, reportError}: InterruptKeyOptions): InterruptKey {
  const interrupt = async (to: ClientSession) => {
    const isDone = await to.interrupt()
    // The result is shown when it is saved, which may take long on a full disk.
    if (isDone && to.status.kind === 'not-saved')
      model.setNotice('Ctrl-C was sent; its result is shown when it can be saved')
  }

  return (isEmpty) => {
    const open = session()
    // Without a connection, the interrupt would arrive late and hit another command.
    const isReached = open?.status.kind === 'live' || open?.status.kind === 'not-saved'
    if (open?.state.running != null && isReached) {
      void interrupt(open).catch(reportError)
      return true
    }
    if (!isEmpty) return false
    if (model.snapshot.notice === leaveNotice) leave()
    else model.setNotice(leaveNotice, {forMs: leaveWithinMs})
    return true
  }
}
