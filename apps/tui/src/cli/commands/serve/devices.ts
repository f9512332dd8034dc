import type {Device} from '@holdfast/access'
import {toJsonLine} from '@holdfast/terminal'

import {formatAge, formatClock} from '@holdfast/session-view'
import {beginProcess} from '../../../process/begin-process.ts'
import {findHome} from '../../../process/find-home.ts'
import {invocation} from '../../../process/invocation.ts'
import {printLines} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import {withAccess} from '../../../sessions/with-access.ts'
import {toTable} from '../to-table.ts'

/** Prints the devices that may connect. */
export async function listDevices({json = false}: {json?: boolean}): Promise<void> {
  beginProcess('command')
  const devices = withAccess(findHome(), (access) => access.devices())
  if (json) return await printLines(devices.map(toJson))
  if (devices.length === 0) return await printLines([`No devices yet: \`${invocation('pair')}\` lets one in`])
  const now = Date.now()
  const rows = devices.map(({name, isReadOnly, lastSeenAt, expiresAt}) => [
    name,
    isReadOnly ? 'read-only' : 'full',
    formatAge(now - lastSeenAt),
    formatClock(expiresAt, now),
  ])
  await printLines(toTable([['DEVICE', 'ACCESS', 'SEEN', 'UNTIL'], ...rows]))
}

function toJson({name, isReadOnly, createdAt, lastSeenAt, expiresAt}: Device): string {
  const times = {created_at: createdAt, last_seen_at: lastSeenAt, expires_at: expiresAt}
  return toJsonLine({name, read_only: isReadOnly, ...times})
}

/** Removes a device; a server disconnects it at once. */
export async function revokeDevice(name: string): Promise<void> {
  const breadcrumbs = beginProcess('command')
  if (!withAccess(findHome(), (access) => access.revoke(name))) {
    throw new UserError(`there is no device \`${name}\`: \`${invocation('devices')}\` lists them`)
  }
  breadcrumbs.record('device-revoked', {device: name, by: 'command'})
  await printLines([`Revoked: ${name}`])
}
