import {statSync} from 'node:fs'
import {homedir} from 'node:os'

import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/**
 * The absolute path of the folder in which a new session starts: of `path`, which may begin with `~/`, or else of the user's
 * home. Throws an `RpcError` `folderNotFound` where `path` is no folder.
 */
export function firstFolder(path: string | undefined): string {
  if (path === undefined) return homedir()
  const folder = path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path
  let isFolder = false
  try {
    isFolder = statSync(folder).isDirectory()
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw new RpcError(errorCodes.folderNotFound, `${folder} cannot be opened (${code}): choose another folder`)
  }
  if (isFolder) return folder
  throw new RpcError(
    errorCodes.folderNotFound,
    `Expected a folder, got \`${folder}\`: create it, or choose another one`,
  )
}
