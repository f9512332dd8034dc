import {realpath} from 'node:fs/promises'
import {basename, dirname, isAbsolute, join, normalize, sep} from 'node:path'

/** The agent asked for a file that it may not have, or that cannot be read or written. The message is for the agent and the user. */
export class FileRefused extends Error {
  override name = 'FileRefused'
}

/**
 * Returns where a path leads when all symbolic links are resolved, of the folders above a file that is not there yet, too.
 * Rejects with `FileRefused` if that is in none of the folders.
 */
export async function resolveAllowed(path: string, folders: readonly string[]): Promise<string> {
  if (!isAbsolute(path)) throw new FileRefused(`Expected an absolute path, got \`${path}\``)
  if (path.includes('\0')) throw new FileRefused('Expected a path without a null character')
  const real = await resolveExisting(normalize(path))
  const allowed = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)))
  const isInside = allowed.some((folder) => folder !== undefined && isWithin(real, folder))
  if (!isInside) throw new FileRefused(`\`${path}\` is outside of the folders of this session: ${folders.join(', ')}`)
  return real
}

/** The real path of the nearest folder above that exists, with the rest of the path. */
async function resolveExisting(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    const parent = dirname(path)
    // ENOTDIR, ELOOP, EACCES: there is no such file to be made, either.
    if (code !== 'ENOENT' || parent === path) throw refusal(path, error)
    return join(await resolveExisting(parent), basename(path))
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

export function refusal(path: string, error: unknown): FileRefused {
  const {code, message} = error as NodeJS.ErrnoException
  return new FileRefused(`\`${path}\`: ${code ?? message}`, {cause: error})
}
