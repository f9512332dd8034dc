import {createBreadcrumbs, type Breadcrumbs} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'
import {recordProcess, recordSignals} from '@holdfast/supervisor'

import {limitHeap} from './limit-heap.ts'
import {findHome} from './find-home.ts'
import {prepareHome} from './prepare-home.ts'
import {UserError} from './user-error.ts'
import {version} from './version.ts'

/** The part that a process plays, as in the crash log. */
export type Role = 'tui' | 'gateway' | 'serve' | 'mcp' | 'host' | 'command'

/** Prepares the home, and starts recording this process in its crash log. Throws a `UserError` if it cannot be used. Call it once. */
export function beginProcess(role: Role, {session}: {session?: string} = {}): Breadcrumbs {
  limitHeap()
  const home = findHome()
  const fault = prepareHome(home)
  if (fault !== undefined) throw new UserError(`${fault.problem}: ${fault.action}`)
  const {crashLog: file, run: pidFolder} = homePaths(home)
  const instance = {...(session !== undefined && {session}), ...generationOf(role)}
  const breadcrumbs = createBreadcrumbs({file, role, ...instance})
  const isQuiet = role === 'command'
  const {removePidFile} = recordProcess({breadcrumbs, pidFolder, role, ...instance, facts: {version}, isQuiet})
  // All other roles shut down in order, and record that themselves.
  if (role === 'command') recordSignals(breadcrumbs, removePidFile)
  return breadcrumbs
}

/** The generation that the parent put into the environment of this process. No child of this process gets it. */
function generationOf(role: Role): {generation?: number} {
  const [, name, generation] = /^(\w+):(\d+)$/.exec(process.env['HOLDFAST_INSTANCE'] ?? '') ?? []
  delete process.env['HOLDFAST_INSTANCE']
  return name === role && (role === 'gateway' || role === 'host') ? {generation: Number(generation)} : {}
}
