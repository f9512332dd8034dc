import {runHost} from '@holdfast/host'
import {sessionIdPattern} from '@holdfast/protocol'

import {beginProcess} from '../begin-process.ts'
import {findHome, findIdleMs} from '../surroundings.ts'
import {startedAsVariable} from '../typed.ts'
import {UserError} from '../user-error.ts'
import {version} from '../version.ts'

/** This process is the host of one session. */
export async function runHostProcess(sessionId: string): Promise<void> {
  // It becomes part of the names of files.
  if (!sessionIdPattern.test(sessionId)) {
    throw new UserError(`expected the id of a session, got \`${sessionId}\``, {exitCode: 2})
  }
  // A Holdfast that is started in the shell of this session is started otherwise.
  delete process.env[startedAsVariable]
  const breadcrumbs = beginProcess('host', {session: sessionId})
  await runHost({home: findHome(), sessionId, version, breadcrumbs, idleMs: findIdleMs()})
}
