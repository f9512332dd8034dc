import type {Fleet, FleetError} from '@holdfast/fleet'

import type {FleetChoice} from '../../../fleet/fleet-choice.ts'
import type {FleetSettings} from '../../../fleet/fleet-settings.ts'
import {readMembership} from '../../../fleet/membership.ts'
import {openFleetOf} from '../../../fleet/open-fleet.ts'
import {toFleetSettings} from '../../../fleet/to-fleet-settings.ts'
import {beginProcess} from '../../../process/begin-process.ts'
import {findHome} from '../../../process/find-home.ts'
import {UserError} from '../../../process/user-error.ts'

/** Uses the chosen fleet, or the one of this machine. Throws a `UserError`. */
export async function withFleet<Value>(
  choice: FleetChoice | undefined,
  use: (fleet: Fleet) => Promise<Value>,
): Promise<Value> {
  const settings = await findSettings(choice)
  beginProcess('command')
  let fleet: Fleet | undefined
  try {
    fleet = await openFleetOf(settings)
    return await use(fleet)
  } catch (error) {
    throw toUserError(error)
  } finally {
    await fleet?.close()
  }
}

async function findSettings(choice: FleetChoice | undefined): Promise<FleetSettings> {
  if (choice !== undefined) return await toFleetSettings(choice)
  const membership = readMembership(findHome())
  if (membership !== undefined) return membership.settings
  throw new UserError('this machine is in no fleet: expected --fleet nats://HOST:PORT', {code: 'usage'})
}

function toUserError(error: unknown): unknown {
  const {name, code, message} = error as FleetError
  if (name !== 'FleetError') return error
  if (code === 'forbidden') return new UserError(`${message}: see --creds`, {cause: error, code: 'not_allowed'})
  if (code === 'no-stream') {
    return new UserError(`${message}: \`holdfast serve --fleet\` creates it, and --fleet-name says which one it is`, {
      cause: error,
    })
  }
  return new UserError(message, {cause: error, code: code === 'unreachable' ? 'gateway_unavailable' : 'failed'})
}
