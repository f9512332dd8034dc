import {rmSync} from 'node:fs'

import {claimFile, openSqliteLog, readClaimFile, sessionPaths, writeClaimFile} from '@holdfast/event-log'

import {claimSession} from '../../claim/claim-session.ts'
import {closeClaim} from '../../claim/close-claim.ts'
import type {HeldSession} from '../choose-machine.ts'
import type {MachineContext} from '../machine-context.ts'
import {shipAll} from '../ship-all.ts'
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

async function shipWithoutHost(context: MachineContext, {sessionId, epoch, needs}: HeldSession): Promise<void> {
  const {fleet, me, instance, home} = context
  const {log} = sessionPaths(home, sessionId)
  const file = claimFile(log)
  const known = readClaimFile(file)
  if (known === undefined) return
  const {latestSeq, isClosed} = readEnd(log, sessionId)
  if (latestSeq <= known.through && !isClosed) return
  const result = await claimSession(fleet, sessionId, {machine: me, instance, replaces: epoch, needs})
  if (result.kind === 'lost') return
  await shipAll(context, result.claim, log)
  writeClaimFile(file, {...known, epoch: result.claim.epoch, through: latestSeq})
  if (!isClosed) return
  await closeClaim(fleet, result.claim)
  rmSync(file, {force: true})
}

function readEnd(file: string, sessionId: string): {latestSeq: number; isClosed: boolean} {
  const log = openSqliteLog({file, sessionId, readOnly: true})
  try {
    return {latestSeq: log.latestSeq, isClosed: (log.state()?.closed ?? null) !== null}
  } finally {
    log.close()
  }
}
