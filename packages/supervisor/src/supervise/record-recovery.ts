import {type Breadcrumbs, errorFacts, type Fact} from '@holdfast/breadcrumbs'

import type {SupervisorStatus} from './supervisor-options.ts'

/**
 * Returns an `onStatus` callback for a supervisor of `peer`, such as `gateway`. It records `recovering`, `recovered`,
 * `gave-up` and `restarting`. For an end, it records `by`, `code`, `signal` and `errno`, not the message.
 */
export function recordRecovery(breadcrumbs: Breadcrumbs, peer: string): (status: SupervisorStatus<unknown>) => void {
  let previous: SupervisorStatus<unknown>['kind'] | undefined
  return (status) => {
    const before = previous
    previous = status.kind
    switch (status.kind) {
      case 'recovering': {
        const {attempt, of, crashLoop, end, error} = status
        const limit = of === Infinity ? undefined : of
        const facts = {peer, attempt, of: limit, crash_loop: crashLoop, ...factsOf(end, error)}
        return breadcrumbs.record('recovering', facts)
      }
      case 'gave-up': {
        const {reason, attempts, end, error} = status
        return breadcrumbs.record('gave-up', {peer, reason, attempts, ...factsOf(end, error)})
      }
      case 'starting':
        if (before !== undefined && before !== 'starting') breadcrumbs.record('restarting', {peer})
        return
      case 'live':
        if (before === 'recovering' || (before === 'starting' && status.generation > 1)) {
          breadcrumbs.record('recovered', {peer, generation: status.generation})
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
