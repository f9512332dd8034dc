import {readdirSync} from 'node:fs'

import {sessionIdPattern} from '@holdfast/protocol'

import {EventLogError} from '../event-log.ts'

/** The ids of the sessions with a log in a folder. A missing folder has none. Throws `io` for one that cannot be read. */
export function sessionIds(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.db'))
      .map((name) => name.slice(0, -'.db'.length))
      .filter((id) => sessionIdPattern.test(id))
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new EventLogError('io', `${folder} cannot be read (${code})`, {cause: error})
  }
}
