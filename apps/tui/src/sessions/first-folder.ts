import {homedir} from 'node:os'
import {posix} from 'node:path'

/**
 * The folder that a user names for a new session, as the protocol takes it. `base`: where a relative one starts. A folder in
 * `~` of another machine stays as it is: the host there knows which one it is. `undefined`: a relative one without a base. Pure.
 */
export function firstFolderOf(
  text: string,
  base: string | undefined,
  {isLocal, home = homedir()}: {isLocal: boolean; home?: string},
): string | undefined {
  const name = text.length > 1 ? text.replace(/\/+$/, '') : text
  if (name === '~' || name.startsWith('~/')) return isLocal ? posix.join(home, name.slice(1)) : name
  return name.startsWith('/') || base !== undefined ? posix.resolve(base ?? '/', name) : undefined
}
