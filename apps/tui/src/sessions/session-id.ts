import {sessionIdPattern} from '@holdfast/protocol'

import {typed} from '../process/invocation.ts'
import {UserError} from '../process/user-error.ts'

/** Gives the id back if there can be such a session; throws a `UserError` where it is none. */
export function expectSessionId(id: string): string {
  if (sessionIdPattern.test(id)) return id
  throw new UserError(withList(`there is no session ${id}`))
}

/** A sentence about a session that is not there, and where to look for one that is. */
export function withList(sentence: string): string {
  return `${sentence}; \`${typed('ls')}\` lists them`
}
