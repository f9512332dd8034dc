import {accessSync, constants, existsSync, lstatSync} from 'node:fs'

import {explainNoRoom, homePaths, sessionPaths} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'

import {makeFolder, walkPath, type OpenStep} from './walk-path.ts'

/** Why a home is refused. */
export interface HomeFault {
  problem: string
  /** What to do about it. */
  action: string
}

/** A Unix socket's path may have 104 bytes on macOS, 108 on Linux, its final NUL included. */
const maxSocketPathBytes = 103
/** With these, the home can still be read. */
const notWritable: ReadonlySet<string | undefined> = new Set(['EACCES', 'EDQUOT', 'ENOSPC', 'EPERM', 'EROFS'])
const another = 'set HOLDFAST_HOME to a folder of your own'
const orAnother = `or ${another}`

/**
 * Creates the folders of a home, where they are missing. Returns why the home cannot be used: it cannot be read or created, or
 * another user could read prompts in it, or answer in the place of a host.
 */
export function prepareHome(home: string): HomeFault | undefined {
  const fault = findHomeFault(home)
  if (fault !== undefined) return fault
  const {logs, sessions, run} = foldersOf(home)
  const missing = [home, logs, sessions, run].filter((folder) => !existsSync(folder))
  if (missing.length === 0) return undefined
  for (const folder of missing) {
    try {
      makeFolder(folder)
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException
      if (folder === home || !notWritable.has(code)) return cannotCreate(folder, error)
    }
  }
  // Another user may have been faster.
  return findHomeFault(home)
}

function cannotCreate(folder: string, error: unknown): HomeFault {
  const noRoom = explainNoRoom(error, folder)
  if (noRoom !== undefined) return {problem: `the folder ${folder} cannot be created`, action: noRoom}
  return {
    problem: `the folder ${folder} cannot be created (${(error as NodeJS.ErrnoException).code})`,
    action: 'set HOLDFAST_HOME to a folder in which you may write',
  }
}

/** Why a home is refused; `undefined` if it can be used or created. Changes nothing. */
export function findHomeFault(home: string): HomeFault | undefined {
  const bytes = socketPathBytesOf(home)
  if (bytes > maxSocketPathBytes) {
    const limit = `its sockets have paths of ${bytes} bytes, the limit is ${maxSocketPathBytes}`
    return {problem: `${home} is too long: ${limit}`, action: 'set HOLDFAST_HOME to a shorter path'}
  }
  return findFolderFault(home) ?? Object.values(foldersOf(home)).map(findFaultBelow).find(Boolean)
}

/** Of the longest path of a socket in a home. */
export function socketPathBytesOf(home: string): number {
  return Buffer.byteLength(sessionPaths(home, createSessionId()).socket)
}

function foldersOf(home: string) {
  const {sessions, run, crashLog} = homePaths(home)
  return {logs: crashLog.slice(0, crashLog.lastIndexOf('/')), sessions, run}
}

/** Of a folder in a home that is fine itself. */
function findFaultBelow(folder: string): HomeFault | undefined {
  const isThere = lstatSync(folder, {throwIfNoEntry: false}) !== undefined
  return isThere ? findFolderFault(folder) : undefined
}

function findFolderFault(folder: string): HomeFault | undefined {
  try {
    const {stat, danglingLink, openSteps} = walkPath(folder)
    if (stat !== undefined && !stat.isDirectory()) return notAFolder(folder)
    const open = openSteps.find(({kind}) => kind !== 'group')
    if (open !== undefined) return describeOpen(open)
    if (danglingLink !== undefined) {
      const problem = `the symbolic link ${danglingLink} leads to a folder that does not exist`
      return {problem, action: `create that folder, remove the link, ${orAnother}`}
    }
    if (stat === undefined) return undefined
    accessSync(folder, constants.R_OK | constants.X_OK)
    return undefined
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR') return notAFolder(folder)
    const ownIt = `make yourself its owner, with the right to enter it (\`chmod 700 ${folder}\`), ${orAnother}`
    return {problem: `${folder} cannot be read (${code})`, action: code === 'EACCES' ? ownIt : another}
  }
}

function notAFolder(path: string): HomeFault {
  return {problem: `${path} is not a folder`, action: 'set HOLDFAST_HOME to another folder'}
}

function describeOpen({path, kind, owner}: OpenStep): HomeFault {
  if (kind === 'all') return {problem: `every user can write to ${path}`, action: `\`chmod o-w ${path}\`, ${orAnother}`}
  const what = kind === 'link' ? `the symbolic link ${path}` : path
  return {problem: `${what} belongs to another user (uid ${owner})`, action: another}
}
