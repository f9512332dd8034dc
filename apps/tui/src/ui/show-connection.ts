import {lossDetails, type ClientStatus} from '@holdfast/client'

import type {ScreenModel} from './screen-model.ts'

const crashLoopNotice =
  'The gateway dies again and again, and is started again every 30 s; /logs shows who died, and how'

/**
 * Shows what became of the line to the gateway, as far as the session does not: that it dies again and again, and, until
 * the session `isOpen`, where it stands.
 */
export function showLine(
  model: Pick<ScreenModel, 'setNotice' | 'setStatus'>,
  line: ClientStatus,
  {isOpen}: {isOpen: boolean},
): void {
  if (line.kind === 'recovering' && line.crashLoop) model.setNotice(crashLoopNotice)
  if (isOpen || line.kind === 'closed') return
  if (line.kind === 'recovering') model.setStatus(line)
  else if (line.kind === 'gave-up') model.setStatus({kind: 'gave-up', ...lossDetails(line)})
  else model.setStatus({kind: 'starting'})
}
