import type {Breadcrumb} from '../log/breadcrumb.ts'
import {type Explanation, findCause} from './find-cause.ts'
import {find, type RecordedInstance, readInstances, timeOf} from './read-instances.ts'

/** How and why a process exited, by the crash log. */
export interface ExplainedExit extends Explanation {
  /** When it was noticed, epoch ms: for an inferred exit, perhaps long after it. */
  at: number
  role: string
  /** Missing when it could not be started. */
  pid?: number | undefined
  generation?: number | undefined
  session?: string | undefined
}

export interface ExplainOptions {
  /** Leaves out exits before this time, epoch ms. @default none */
  after?: number
}

/**
 * The exits in a crash log, in the order in which they were noticed, each with its cause and the breadcrumbs that show it.
 * A breadcrumb that is missing never makes an explanation certain.
 */
export function explainExits(breadcrumbs: readonly Breadcrumb[], options: ExplainOptions = {}): ExplainedExit[] {
  const {after = -Infinity} = options
  return readInstances(breadcrumbs)
    .flatMap((instance) => {
      const explanation = findCause(instance)
      if (!explanation) return []
      const {role, pid, generation, session} = instance
      return {at: exitTimeOf(instance), role, pid, generation, session, ...explanation}
    })
    .filter(({at}) => at >= after)
    .sort((a, b) => a.at - b.at)
}

function exitTimeOf({own, others, startedAt}: RecordedInstance): number {
  const exit =
    find(others, 'child-exit') ??
    find(others, 'spawn-failed') ??
    find(own, 'exit') ??
    find(own, 'shutdown') ??
    find(others, 'gone') ??
    find(others, 'exit-inferred')
  return exit ? timeOf(exit) : startedAt
}
