import {shortenFolder} from '@holdfast/session-view'

import {userFolder} from '../process/user-folder.ts'

/** A folder of a session; that of another machine is whole. Pure. */
export function shownFolder(machine: string | undefined, folder: string): string {
  return machine === undefined ? shortenFolder(folder, userFolder()) : folder
}
