import {opendir, stat} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'

export interface ListFolderOptions {
  /** The most names that are read of a folder. @default 5000 */
  maxNames?: number
  /** The longest that is waited: what is on a slow disk must not hold up whoever writes. @default 1000 */
  maxMs?: number
}

/**
 * The names in a folder, sorted, a `/` behind those of folders; `folder` is below `base`, absolute, or begins with `~/`.
 * Empty where it cannot be read, or not in time.
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
    // It is no folder, or not for us: then nothing can be completed.
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
