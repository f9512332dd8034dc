import {openAccessStore, type AccessStore} from '@holdfast/access'

import {UserError} from '../process/user-error.ts'

/** The file with the pairing codes and devices of a home. */
export function accessFile(home: string): string {
  return `${home}/access.db`
}

/** Opens the credentials of a home. Throws a `UserError`. */
export function openAccess(home: string): AccessStore {
  return orUserError(home, () => openAccessStore(accessFile(home)))
}

/** Uses the credentials of a home for a moment. Throws a `UserError`. */
export function withAccess<Value>(home: string, use: (access: AccessStore) => Value): Value {
  const access = openAccess(home)
  try {
    return orUserError(home, () => use(access))
  } finally {
    access.close()
  }
}

/** All that fails in the store is SQLite, the disk, or a bound. */
function orUserError<Value>(home: string, work: () => Value): Value {
  try {
    return work()
  } catch (cause) {
    const {name, code, message} = cause as Error & {code?: string}
    if (name !== 'AccessError') {
      throw new UserError(`the credentials in ${accessFile(home)} cannot be used: ${message}`, {cause, code: 'storage_failed'}) // prettier-ignore
    }
    if (code === 'too-many-devices') throw new UserError(message, {cause, code: 'too_many'})
    const remedy = code === 'unreadable' ? ': move the file away, and pair all devices again' : ''
    throw new UserError(message + remedy, {cause, code: 'storage_failed'})
  }
}
