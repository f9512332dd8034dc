import type {ScreenModel} from '../../ui/screen-model.ts'

export interface LeaveKeyOptions {
  model: Pick<ScreenModel, 'snapshot' | 'setNotice'>
  leave: () => void
}

/** While this notice is on the screen, Ctrl-D leaves. */
const leaveNotice = 'Press Ctrl-D again to leave: the session stays, and what runs in it runs on'
const leaveWithinMs = 5000

/** Ctrl-D in an empty draft: says what it does, and leaves when it is pressed again. Leaves a closed session at once. */
export function createLeaveKey({model, leave}: LeaveKeyOptions): () => void {
  return () => {
    const {notice, status} = model.snapshot
    if (notice === leaveNotice || status.kind === 'ended') leave()
    else model.setNotice(leaveNotice, {forMs: leaveWithinMs})
  }
}
