import {randomUUID} from 'node:crypto'

import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {claimEpoch} from './claim-epoch.ts'
import type {Claim} from './plan-claim.ts'

/**
 * Gives a claimed session up because it is closed: no machine takes it over until one claims it again. Ship its log first: nothing
 * counts that is sent under the claim afterwards.
 *
 * Throws a `FleetError`, `fenced` if another machine has claimed the session. After `unreachable`, call it again.
 */
export async function closeClaim(fleet: Fleet, claim: Claim): Promise<void> {
  const {sessionId, machine, epoch: replaces} = claim
  const {kind, winner} = await claimEpoch(fleet, sessionId, {
    machine,
    instance: randomUUID(),
    replaces,
    needs: [],
    state: 'closed',
  })
  const {epoch, state, machine: holder} = winner.envelope
  // A call before this one may have closed it, and its answer was lost.
  const isClosed = kind === 'won' || (epoch === replaces + 1 && state === 'closed')
  if (isClosed) return
  if (state === 'deleted') throw new FleetError('deleted', `Session ${sessionId} was deleted`)
  throw new FleetError('fenced', `Session ${sessionId} has moved to machine ${holder}`)
}
