import {readdirSync} from 'node:fs'

import {sessionIdPattern} from '@holdfast/protocol'

/** The ids of the sessions with a log in a folder. A missing folder has none. */
export function sessionIds(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.db'))
      .map((name) => name.slice(0, -'.db'.length))
      .filter((id) => sessionIdPattern.test(id))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
