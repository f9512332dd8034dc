import {FleetError} from '../fleet-error.ts'
import type {Fleet} from './fleet.ts'
import {natsOf} from './nats-of.ts'

/** Throws a `FleetError` if nothing can be sent: `closed`, or `unreachable`, unless the cluster `mayBeAway`. */
export function requireConnection(fleet: Fleet, {mayBeAway = false} = {}): void {
  if (natsOf(fleet).connection.isClosed()) throw new FleetError('closed', 'The connection to the cluster is closed')
  if (!mayBeAway && !fleet.isConnected()) {
    throw new FleetError('unreachable', 'No server of the cluster is connected')
  }
}
