import {runHost} from '@holdfast/host'
import {sessionIdPattern} from '@holdfast/protocol'

import {beginProcess} from '../../process/begin-process.ts'
import {findHome, findIdleMs} from '../../process/surroundings.ts'
import {startedAsVariable} from '../../process/invocation.ts'
import {UserError} from '../../process/user-error.ts'
import {version} from '../../process/version.ts'

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
