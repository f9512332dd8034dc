import {sessionIdPattern} from '@holdfast/protocol'

import {UserError} from '../process/user-error.ts'

/** The id of the session that runs this process, if one does. */
export function ownSession(): string | undefined {
  const id = process.env['HOLDFAST_SESSION']
  return id !== undefined && sessionIdPattern.test(id) ? id : undefined
}

/** Throws a `UserError` for the session that runs this process: it would show what it shows, or wait for itself, for ever. */
export function refuseOwnSession(id: string | undefined, hint: string): void {
  if (id !== undefined && id === ownSession())
    throw new UserError(`session ${id} is the one that runs this command: ${hint}`, {code: 'usage'})
}
