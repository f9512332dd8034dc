import {beginLife, createBreadcrumbs, type Breadcrumbs} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'
import {recordSignals} from '@holdfast/supervisor'

import {boundYoungSpace} from './bound-young-space.ts'
import {findHome} from './surroundings.ts'
import {version} from './version.ts'

/** A kind of process, as the crash log has it. */
export type Role = 'tui' | 'gateway' | 'serve' | 'host' | 'command'

/** Begins the record of this process in the crash log of its home. Call it once. */
export function beginProcess(who: Role, {session}: {session?: string} = {}): Breadcrumbs {
  boundYoungSpace()
  const home = findHome()
  const {crashLog: file, run: marks} = homePaths(home)
  const life = {who, ...(session !== undefined && {session}), ...generationOf(who)}
  const breadcrumbs = createBreadcrumbs({file, ...life})
  const {unmark} = beginLife({...life, breadcrumbs, marks, facts: {version}, isQuiet: who === 'command'})
  // All others end in order, and record that themselves.
  if (who === 'command') recordSignals(breadcrumbs, unmark)
  return breadcrumbs
}

/** Which life of its parent's child this is, by the mark that its parent gave it. */
function generationOf(who: Role): {generation?: number} {
  const [, name, generation] = /^(\w+):(\d+)$/.exec(process.env['HOLDFAST_LIFE'] ?? '') ?? []
  // A user who starts a holdfast within a Holdfast passes on the mark of the outer one.
  return name === who && (who === 'gateway' || who === 'host') ? {generation: Number(generation)} : {}
}
