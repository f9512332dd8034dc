import {sessionIdPattern} from '@holdfast/protocol'

import {invocation} from '../process/invocation.ts'
import {UserError} from '../process/user-error.ts'

/** Returns a valid session id; throws a `UserError` for any other text. */
export function expectSessionId(id: string): string {
  if (sessionIdPattern.test(id)) return id
  throw new UserError(withListHint(`there is no session ${id}`), {code: 'session_not_found'})
}

/** Adds the command that lists the sessions to a sentence. */
export function withListHint(sentence: string): string {
  return `${sentence}; \`${invocation('ls')}\` lists them`
}
