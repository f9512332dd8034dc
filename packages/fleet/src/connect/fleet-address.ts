import {sessionIdPattern} from '@holdfast/protocol'

import {requireMachineName} from '../machines/machine-name.ts'

/** Where connections are accepted: by the host of a session, or by a machine. */
export type FleetAddress = {readonly session: string} | {readonly machine: string}

/** Where an address is asked for a connection. Throws a `RangeError` for what cannot be a part of a subject. */
export function addressSubject(fleet: string, address: FleetAddress): string {
  if ('machine' in address) {
    requireMachineName(address.machine)
    return `holdfast.${fleet}.connect.machine.${address.machine}`
  }
  if (!sessionIdPattern.test(address.session)) {
    throw new RangeError(`Expected the id of a session, got ${JSON.stringify(address.session)}`)
  }
  return `holdfast.${fleet}.connect.session.${address.session}`
}

/** For messages: `session k2v7q0m3xw`. */
export function describeAddress(address: FleetAddress): string {
  return 'machine' in address ? `machine ${address.machine}` : `session ${address.session}`
}

/** Where one end of a connection gets what the other end sends. Ends are UUIDs. */
export function linkSubject(fleet: string, {to, from}: {to: string; from: string}): string {
  return `holdfast.${fleet}.link.${to}.${from}`
}
