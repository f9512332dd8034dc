import {type Breadcrumbs, errorFacts, type Fact} from '@holdfast/breadcrumbs'

import type {SupervisorStatus} from './supervisor-options.ts'

/**
 * For `onStatus` of a supervisor: records what it plans after each death of `of`, and what comes of it: `recovering`,
 * `recovered`, `gave-up`, `restarting`. Of an end only what tells how it came is recorded, not what it said.
 */
export function recordRecovery(breadcrumbs: Breadcrumbs, of: string): (status: SupervisorStatus<unknown>) => void {
  let last: SupervisorStatus<unknown>['kind'] | undefined
  return (status) => {
    const before = last
    last = status.kind
    switch (status.kind) {
      case 'recovering': {
        const {attempt, of: max, crashLoop, end, error} = status
        const limit = max === Infinity ? undefined : max
        return breadcrumbs.record('recovering', {of, attempt, max: limit, crashLoop, ...factsOf(end, error)})
      }
      case 'gave-up': {
        const {reason, attempts, end, error} = status
        return breadcrumbs.record('gave-up', {of, reason, attempts, ...factsOf(end, error)})
      }
      case 'starting':
        if (before !== undefined && before !== 'starting') breadcrumbs.record('restarting', {of})
        return
      case 'live':
        if (before === 'recovering' || (before === 'starting' && status.generation > 1)) {
          breadcrumbs.record('recovered', {of, gen: status.generation})
        }
        return
      case 'closed':
        return
    }
  }
}

function factsOf(end: unknown, error: unknown): Record<string, Fact | undefined> {
  if (error !== undefined) return errorFacts(error)
  const {by, code, signal, errno} = (end ?? {}) as Record<string, Fact | undefined>
  return {by, code, signal, errno}
}
