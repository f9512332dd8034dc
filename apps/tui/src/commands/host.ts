import {runHost} from '@holdfast/host'

import {breadcrumbsOf, findHome} from '../surroundings.ts'
import {version} from '../version.ts'

/** This process is the host of one session. */
export async function runHostProcess(sessionId: string): Promise<void> {
  const home = findHome()
  await runHost({home, sessionId, version, breadcrumbs: breadcrumbsOf(home, 'host').with({session: sessionId})})
}
