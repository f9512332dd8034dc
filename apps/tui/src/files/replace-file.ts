import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {dirname} from 'node:path'

/**
 * Writes a private text file in place of the one at a path: a reader finds the old one or the new one, whole, also after a power
 * failure. A file that is there keeps its mode, and a symbolic link stays one. Makes the folder, if it is missing.
 */
export function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  const target = realPathOf(path)
  const mode = (statSync(target, {throwIfNoEntry: false})?.mode ?? 0o600) & 0o777
  const part = `${target}.${process.pid}`
  try {
    writeFileSync(part, text, {mode, flag: 'wx', flush: true})
    renameSync(part, target)
  } catch (error) {
    rmSync(part, {force: true})
    throw error
  }
  const folder = openSync(dirname(target), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Of a file that may be missing. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return path
  }
}
