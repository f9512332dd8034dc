import {appendFileSync, closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'

import {explainNoRoom} from '@holdfast/event-log'

import {UserError} from '../process/user-error.ts'

/**
 * Writes a file that must not exist yet, readable by its owner only. It appears whole or not at all: `fill` writes to a temporary
 * file in the same folder, which is renamed at the end. Throws a `UserError` if the file exists or cannot be written.
 */
export async function writeNewFile(
  path: string,
  fill: (write: (data: string | Uint8Array) => void) => Promise<void>,
): Promise<void> {
  if (existsSync(path)) throw alreadyExists(path)
  const part = join(dirname(path), `.${basename(path).slice(0, 200)}.${process.pid}.part`)
  const attempt = <Result>(action: () => Result): Result => {
    try {
      return action()
    } catch (error) {
      throw toUserError(path, error)
    }
  }
  const file = attempt(() => openSync(part, 'wx', 0o600))
  try {
    try {
      await fill((data) => attempt(() => appendFileSync(file, data)))
      // Some file systems report only now that they are full.
      attempt(() => fsyncSync(file))
    } finally {
      closeSync(file)
    }
    attempt(() => giveName(part, path))
  } finally {
    rmSync(part, {force: true})
  }
}

/** Never replaces a file that appeared meanwhile, as a rename would. */
function giveName(part: string, path: string): void {
  try {
    linkSync(part, path)
  } catch (error) {
    // A file system without hard links.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(path)) throw alreadyExists(path)
    renameSync(part, path)
  }
}

function alreadyExists(path: string): UserError {
  return new UserError(`\`${path}\` already exists: choose another file`, {code: 'output_failed'})
}

function toUserError(path: string, error: unknown): unknown {
  if (error instanceof UserError) return error
  const folder = dirname(path)
  const {code = '', message} = error as NodeJS.ErrnoException
  const why = explainNoRoom(error, folder) ?? explanations[code]?.(folder) ?? message
  return new UserError(`\`${path}\` cannot be written: ${why}`, {code: 'output_failed'})
}

const explanations: Readonly<Record<string, (folder: string) => string>> = {
  ENOENT: (folder) => `there is no folder \`${folder}\`: make it, or choose another one`,
  ENOTDIR: (folder) => `\`${folder}\` is not a folder: choose another one`,
  EACCES: (folder) => `you may not write to \`${folder}\`: choose another folder`,
  EROFS: (folder) => `\`${folder}\` is on a read-only disk: choose another folder`,
}
