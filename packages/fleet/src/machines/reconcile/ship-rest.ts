import {rmSync} from 'node:fs'

import {claimFile, readClaimFile, sessionPaths, writeClaimFile} from '@holdfast/event-log'

import {closeClaim} from '../../claim/close-claim.ts'
import type {HeldSession} from '../choose-machine.ts'
import {claimAgain} from '../claim-again.ts'
import type {MachineContext} from '../machine-context.ts'
import {restoreInTime} from '../restore-in-time.ts'
import {shipAll} from '../ship-all.ts'
import {readLogEnd} from './read-log-end.ts'
import {withoutHost} from './session-files.ts'

/**
 * Sends what the cluster lacks of a session of this machine, and closes a closed one there, where its host has ended before it had done so,
 * as after SIGKILL. Otherwise nobody would until the session is opened again. Throws a `FleetError`, or the errors of the log; call it
 * again then.
 */
export async function shipRest(context: MachineContext, session: HeldSession): Promise<void> {
  // A host that runs does it itself.
  await withoutHost(context.home, session.sessionId, () => shipWithoutHost(context, session))
}

async function shipWithoutHost(context: MachineContext, session: HeldSession): Promise<void> {
  const {fleet, home} = context
  const {sessionId} = session
  const {log} = sessionPaths(home, sessionId)
  const file = claimFile(log)
  const known = readClaimFile(file)
  if (known === undefined) return
  const had = readLogEnd(log, sessionId)
  if (had.latestSeq <= known.through && !had.isClosed) return
  const result = await claimAgain(context, session)
  if (result.kind === 'lost') return
  const {claim} = result
  // After a power failure, the disk may have less than was sent.
  if (had.latestSeq < claim.through) await restoreInTime(context, claim, log)
  await shipAll(context, claim, log)
  const {latestSeq, isClosed} = readLogEnd(log, sessionId)
  writeClaimFile(file, {...known, epoch: claim.epoch, through: latestSeq})
  if (!isClosed) return
  await closeClaim(fleet, claim)
  rmSync(file, {force: true})
}
