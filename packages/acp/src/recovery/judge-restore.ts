import {isPeerGone, isRequestTimeout, isRpcError} from '@holdfast/rpc'

import type {RestoreVerdict} from './plan-restore.ts'

/** The error of the protocol for “log in first”. */
export const AUTH_REQUIRED = -32_000

/**
 * What the end of a load or a resume says. Any answer without an error is success, `null` and `{}` too. The codes for an
 * unknown session differ from agent to agent, so none but “log in first” is told from another.
 */
export function judgeRestore(outcome: {answer: unknown} | {error: unknown}): RestoreVerdict {
  if ('answer' in outcome) return 'restored'
  const {error} = outcome
  if (isRpcError(error)) return error.code === AUTH_REQUIRED ? 'auth-required' : 'refused'
  if (isRequestTimeout(error)) return 'timed-out'
  return isPeerGone(error) ? 'gone' : 'cancelled'
}
