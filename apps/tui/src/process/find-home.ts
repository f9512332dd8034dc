import {join, resolve} from 'node:path'

import {userFolder} from './user-folder.ts'

/** The folder that holds all state: `$HOLDFAST_HOME`, else `$XDG_STATE_HOME/holdfast`, else `~/.local/state/holdfast`. */
export function findHome(environment: NodeJS.ProcessEnv = process.env): string {
  const {HOLDFAST_HOME, XDG_STATE_HOME} = environment
  if (HOLDFAST_HOME) return resolve(HOLDFAST_HOME)
  // The XDG Base Directory Specification says to ignore a relative path.
  return XDG_STATE_HOME?.startsWith('/')
    ? join(XDG_STATE_HOME, 'holdfast')
    : join(userFolder(), '.local/state/holdfast')
}
