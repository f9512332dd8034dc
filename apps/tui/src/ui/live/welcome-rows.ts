import {describeKey, fitKeys, joinHints} from '@holdfast/ink-composer'

import type {ScreenSnapshot} from '../screen-snapshot.ts'

/** What to do on an empty screen, in three lines. Pure. */
export function welcomeRows({isEmpty, session, status, unsent, size, bindings}: ScreenSnapshot): readonly string[] {
  if (isEmpty !== true || session === undefined || status.kind !== 'live' || unsent.length > 0) return []
  const first = session.info.agent === 'shell' ? 'Type a command' : `Ask ${session.info.agent} for something`
  return [
    `${first} · it goes on when this window closes`,
    '/ lists the commands of the screen · /help lists the keys',
    joinHints(describeKey(bindings, 'ctrl-d', 'leaves'), 'holdfast --continue comes back to this session'),
  ].map((line) => `  ${fitKeys(line, size.cols - 2)}`)
}
