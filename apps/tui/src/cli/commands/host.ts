import {runHost, type FleetMembership} from '@holdfast/host'
import {sessionIdPattern} from '@holdfast/protocol'

import {readAgent} from '../../agents/read-agent.ts'
import {takeFleetSettings, toFleetOptions} from '../../fleet/fleet-settings.ts'
import {readMembership} from '../../fleet/membership.ts'
import {beginProcess} from '../../process/begin-process.ts'
import {findHome} from '../../process/find-home.ts'
import {startedAsVariable} from '../../process/invocation.ts'
import {UserError} from '../../process/user-error.ts'
import {version} from '../../process/version.ts'
import {findSettingsFile} from '../../settings/find-settings-file.ts'
import {readSettings} from '../../settings/read-settings.ts'

/** Runs this process as the host of one session. */
export async function runHostProcess(sessionId: string): Promise<void> {
  // The id becomes part of file names.
  if (!sessionIdPattern.test(sessionId)) {
    throw new UserError(`expected the id of a session, got \`${sessionId}\``, {code: 'usage'})
  }
  // A user inside the session starts Holdfast in another way.
  delete process.env[startedAsVariable]
  const fleet = findMembership()
  const breadcrumbs = beginProcess('host', {session: sessionId})
  const {recordScreens: screens, recordScreensMiB} = readSettings(findSettingsFile()).settings
  const record = {screens, maxBytes: Math.floor(recordScreensMiB * bytesPerMiB)}
  await runHost({home: findHome(), sessionId, version, breadcrumbs, readAgent, idleMs: findIdleMs(), record, fleet})
}

/** The fleet that this machine is a member of, also where a gateway without a fleet has started this host; `undefined` if it is none. */
function findMembership(): FleetMembership | undefined {
  const settings = takeFleetSettings() ?? readMembership(findHome())?.settings
  if (settings?.machine === undefined) return undefined
  const {servers, machine} = settings
  return {servers, machine, options: toFleetOptions(settings)}
}

const bytesPerMiB = 1024 * 1024

const msPerHour = 3_600_000

/** How long a host runs without a client or a command before it exits, ms: `$HOLDFAST_IDLE_HOURS`; `undefined` if it is not set. */
function findIdleMs(): number | undefined {
  const {HOLDFAST_IDLE_HOURS} = process.env
  if (!HOLDFAST_IDLE_HOURS) return undefined
  const hours = Number(HOLDFAST_IDLE_HOURS)
  if (hours > 0) return hours * msPerHour
  throw new UserError(`expected HOLDFAST_IDLE_HOURS to be a number above 0, got \`${HOLDFAST_IDLE_HOURS}\``)
}
