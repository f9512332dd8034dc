import {realpath} from 'node:fs/promises'
import {homedir} from 'node:os'
import {posix} from 'node:path'

import {refuseFolder, type McpLimits} from './limits.ts'
import {ToolError} from './tool-error.ts'

/**
 * The folder of a new session. Throws a `ToolError` for one that the limits do not allow, wherever its links lead. `startFolder`: where relative
 * paths begin, and the default; `undefined` if the sessions are on another machine, whose links are not followed here.
 */
export async function resolveFolder(
  named: string | undefined,
  {startFolder, limits}: {startFolder: string | undefined; limits: McpLimits},
): Promise<string | undefined> {
  if (startFolder === undefined) {
    const [first] = limits.folders ?? []
    if (named === undefined) return first
    if (!/^(?:\/|~(?:\/|$))/.test(named))
      throw new ToolError(
        `expected a path that begins with / or ~/, as the sessions are on another machine, got ${named}`,
      )
    return allowed(named.startsWith('/') ? posix.resolve(named) : named, limits)
  }
  const isOfHome = named === '~' || named?.startsWith('~/') === true
  const path = isOfHome ? posix.join(homedir(), named.slice(1)) : posix.resolve(startFolder, named ?? '.')
  const folders = await Promise.all((limits.folders ?? []).map(realPath))
  return allowed(await realPath(path), {...limits, folders})
}

function allowed(folder: string, limits: McpLimits): string {
  const refusal = refuseFolder(folder, limits)
  if (refusal !== undefined) throw new ToolError(refusal)
  return folder
}

/** Without links; a path that leads nowhere as it is: the host refuses it. */
async function realPath(path: string): Promise<string> {
  return await realpath(path).catch(() => path)
}
