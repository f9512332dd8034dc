import {isAbsolute, join, resolve} from 'node:path'

import {userFolder} from './user-folder.ts'
import {makeFolder, walkPath, type OpenStep} from './walk-path.ts'

/** The folder of V8's code caches, or why there is none. */
export type CodeCacheFolder = {folder: string} | {whyNone: string}

/**
 * Finds the folder of the code caches, and creates it. The process runs code from it, so nobody but this user and root may be
 * able to change it, or a folder above it, or a symbolic link on the way to it.
 */
export function findCodeCacheFolder(environment: NodeJS.ProcessEnv = process.env): CodeCacheFolder {
  const {XDG_CACHE_HOME = '', NODE_DISABLE_COMPILE_CACHE} = environment
  if (NODE_DISABLE_COMPILE_CACHE) return {whyNone: 'NODE_DISABLE_COMPILE_CACHE is set'}
  let path = '~/.cache'
  try {
    path = join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(userFolder(), '.cache'), 'holdfast')
    const before = walkPath(path)
    if (before.stat === undefined && before.openSteps.length === 0) makeFolder(before.real)
    const {real, stat, openSteps} = before.stat === undefined ? walkPath(path) : before
    const [open] = openSteps
    if (open !== undefined) return {whyNone: describeStep(open)}
    if (stat === undefined || (stat.mode & 0o077) !== 0)
      return {whyNone: `${real} is open to other users: chmod 700 ${real}`}
    return {folder: real}
  } catch (error) {
    return {whyNone: `${path} cannot be used (${(error as NodeJS.ErrnoException).code})`}
  }
}

/** What is open about a step, for the user. */
function describeStep({path, kind, owner}: OpenStep): string {
  if (kind === 'link') return `the link ${path} belongs to another user (${owner})`
  if (kind === 'owner') return `${path} belongs to another user (${owner})`
  return `other users can write to ${path}: chmod go-w ${path}`
}

/** Why other users can change the code that Node itself caches for all programs; `undefined` if they cannot, or it caches none. */
export function findNodeCacheFault({NODE_COMPILE_CACHE}: NodeJS.ProcessEnv = process.env): string | undefined {
  if (!NODE_COMPILE_CACHE) return undefined
  try {
    const [open] = walkPath(resolve(NODE_COMPILE_CACHE)).openSteps
    return open && `NODE_COMPILE_CACHE is ${NODE_COMPILE_CACHE}, and ${describeStep(open)}`
  } catch {
    return undefined // Node cannot use it, either.
  }
}
