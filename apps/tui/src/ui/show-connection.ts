import {lossDetails, type ClientStatus} from '@holdfast/client'

import type {ScreenModel} from './screen-model.ts'

const crashLoopNotice = 'The gateway keeps crashing; it is restarted every 30 s. /logs shows why'

/**
 * Shows the status of the connection where the session does not: while no session is open, and when the gateway keeps
 * crashing.
 */
export function showConnection(
  model: Pick<ScreenModel, 'setNotice' | 'setStatus'>,
  status: ClientStatus,
  {isOpen}: {isOpen: boolean},
): void {
  if (status.kind === 'recovering' && status.crashLoop) model.setNotice(crashLoopNotice)
  if (isOpen || status.kind === 'closed') return
  if (status.kind === 'recovering') model.setStatus(status)
  else if (status.kind === 'gave-up') model.setStatus({kind: 'gave-up', ...lossDetails(status)})
  else model.setStatus({kind: 'starting'})
}
