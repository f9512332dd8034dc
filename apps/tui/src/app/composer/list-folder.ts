import {opendir, stat} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'

export interface ListFolderOptions {
  /** The maximum number of names that are read. @default 5000 */
  maxNames?: number
  /** The time limit, ms: a slow disk must not block the user. @default 1000 */
  maxMs?: number
}

/**
 * Returns the names in a folder, sorted; names of subfolders end with `/`. `folder` is relative to `base`, absolute, or starts
 * with `~/`. Returns none if reading takes longer than the time limit.
 */
export async function listFolder(
  base: string,
  folder: string,
  {maxNames = 5000, maxMs = 1000}: ListFolderOptions = {},
): Promise<readonly string[]> {
  const path = folder.startsWith('~/') ? join(homedir(), folder.slice(2)) : resolve(base, folder)
  const deadline = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(() => deadline.resolve([]), maxMs)
  try {
    return await Promise.race([readNames(path, maxNames), deadline.promise])
  } catch {
    // No such folder, or no permission: there is nothing to complete.
    return []
  } finally {
    clearTimeout(timer)
  }
}

/** `file 2` comes before `file 10`. */
const collator = new Intl.Collator(undefined, {numeric: true})

async function readNames(path: string, maxNames: number): Promise<readonly string[]> {
  const names: string[] = []
  for await (const entry of await opendir(path)) {
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderBehind(join(path, entry.name))))
    names.push(isFolder ? `${entry.name}/` : entry.name)
    if (names.length === maxNames) break
  }
  return names.sort(collator.compare)
}

async function isFolderBehind(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}
