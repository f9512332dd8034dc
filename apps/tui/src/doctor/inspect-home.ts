import {accessSync, constants, statfsSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

import {findHomeFault, socketPathBytesOf} from '../process/prepare-home.ts'
import {walkPath} from '../process/walk-path.ts'
import type {Environment} from './environment.ts'

/** File systems whose locks cannot be relied on: NFS, SMB and CIFS, 9P, FUSE's sshfs. https://man7.org/linux/man-pages/man2/statfs.2.html */
const networkTypes: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997])

/** Inspects a home, which may not exist yet. */
export function inspectHome(path: string): Environment['home'] {
  const files = fileSystemOf(path)
  const fault = findHomeFault(path)
  const openToGroup = fault === undefined ? walkPath(path).openSteps[0]?.path : undefined
  return {
    path,
    ...stateOf(path),
    // Some, such as /proc, count neither.
    ...(files && files.blocks > 0 && {freeBytes: files.bavail * files.bsize}),
    ...(files && files.files > 0 && {freeFiles: files.ffree}),
    ...(fault && {fault}),
    ...(openToGroup !== undefined && {openToGroup}),
    socketPathBytes: socketPathBytesOf(path),
    isOnNetwork: process.platform === 'linux' && networkTypes.has((files?.type ?? 0) >>> 0),
  }
}

function stateOf(path: string): Pick<Environment['home'], 'state' | 'isOpenToOthers'> {
  try {
    const stat = statSync(path, {throwIfNoEntry: false})
    if (stat === undefined) return {state: 'missing', isOpenToOthers: false}
    if (!stat.isDirectory()) return {state: 'not-a-folder', isOpenToOthers: false}
    return {state: isWritable(path) ? 'writable' : 'not-writable', isOpenToOthers: (stat.mode & 0o077) !== 0}
  } catch {
    return {state: 'not-writable', isOpenToOthers: false} // It is in a folder that this user may not enter.
  }
}

/** Of the nearest folder that exists. */
function fileSystemOf(path: string) {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      return statfsSync(folder)
    } catch {
      if (folder === dirname(folder)) return undefined
    }
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
