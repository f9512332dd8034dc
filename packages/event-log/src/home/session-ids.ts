import {readdirSync} from 'node:fs'

import {sessionIdPattern} from '@holdfast/protocol'

import {EventLogError} from '../event-log.ts'

/** The names of a log, and of one that is to take its place. */
const logName = /^(.*)\.db(?:\.repaired)?$/

/** The ids of the sessions with a log in a folder. A missing folder has none. Throws `io` for one that cannot be read. */
export function sessionIds(folder: string): string[] {
  try {
    const ids = readdirSync(folder).map((name) => logName.exec(name)?.[1] ?? '')
    return [...new Set(ids)].filter((id) => sessionIdPattern.test(id))
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new EventLogError('io', `${folder} cannot be read (${code})`, {cause: error})
  }
}
