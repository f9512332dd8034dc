import type {TakeOver} from '../../claim/read-take-over.ts'

/**
 * What to do about the log of a session that another machine has claimed. `leave`: this machine has never held it. `wait`: the
 * other one has not said yet where it goes on. `remove`: the cluster has all of its events. `set-aside`: the events from `first` to
 * `last` are nowhere else.
 */
export type ReconcilePlan =
  {kind: 'leave'} | {kind: 'wait'} | {kind: 'remove'} | {kind: 'set-aside'; first: number; last: number}

export function planReconcile(latestSeq: number, takeOver: TakeOver | undefined): ReconcilePlan {
  if (takeOver === undefined) return {kind: 'leave'}
  const {through} = takeOver
  if (through === undefined) return {kind: 'wait'}
  return latestSeq <= through ? {kind: 'remove'} : {kind: 'set-aside', first: through + 1, last: latestSeq}
}
