import {opendir, stat} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'

/** What is in a folder: names, a `/` behind those of folders. */
export type ListFolder = (base: string, folder: string) => Promise<readonly string[]>

/** So many names are read of a folder, and so long, ms: what is on a slow disk must not wait for ever. */
const maxNames = 5000
const maxMs = 1000

/**
 * The names in a folder, sorted; `folder` is below `base`, absolute, or begins with `~/`. Empty where it cannot be read,
 * or not in time.
 */
export async function listFolder(base: string, folder: string): Promise<readonly string[]> {
  const path = folder.startsWith('~/') ? join(homedir(), folder.slice(2)) : resolve(base, folder)
  const deadline = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(() => deadline.resolve([]), maxMs)
  try {
    return await Promise.race([readNames(path), deadline.promise])
  } catch {
    // It is no folder, or not for us: then nothing can be completed.
    return []
  } finally {
    clearTimeout(timer)
  }
}

async function readNames(path: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const entry of await opendir(path)) {
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderBehind(join(path, entry.name))))
    names.push(isFolder ? `${entry.name}/` : entry.name)
    if (names.length === maxNames) break
  }
  return names.sort((first, second) => first.localeCompare(second))
}

async function isFolderBehind(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}
