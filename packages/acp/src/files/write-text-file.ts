import {randomUUID} from 'node:crypto'
import {mkdir, open, rename, rm, stat} from 'node:fs/promises'
import {dirname, join} from 'node:path'

import {FileRefused, refusal, resolveAllowed} from './resolve-path.ts'

/**
 * Writes a text file in one of the folders, and makes the folders above it. Atomic: a reader finds the old text or the new
 * one, also after a crash. Keeps the permissions of a file that is replaced. Rejects with `FileRefused`.
 */
export async function writeTextFile(path: string, content: string, folders: readonly string[]): Promise<void> {
  const real = await resolveAllowed(path, folders)
  try {
    const old = await stat(real).catch(() => undefined)
    if (old && !old.isFile()) throw new FileRefused(`\`${path}\` is not a file`)
    await mkdir(dirname(real), {recursive: true})
    await replace(real, content, old ? old.mode & 0o7777 : undefined)
  } catch (error) {
    throw error instanceof FileRefused ? error : refusal(path, error)
  }
}

async function replace(path: string, content: string, mode: number | undefined): Promise<void> {
  // In the same folder: a rename is atomic within one file system only.
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`)
  try {
    const file = await open(temporary, 'wx')
    try {
      if (mode !== undefined) await file.chmod(mode)
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    throw error
  }
}
