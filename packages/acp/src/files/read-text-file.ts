import {constants} from 'node:fs'
import {open} from 'node:fs/promises'

import {FileRefused, refusal, resolveAllowed} from './resolve-path.ts'

/** Larger files are refused, bytes: the answer has to fit into one message. */
const MAX_FILE_BYTES = 16 * 1024 * 1024

export interface ReadRange {
  /** The first line, from 1. @default 1 */
  line?: number | undefined
  /** How many lines. @default all */
  limit?: number | undefined
}

/** Reads a text file in one of the folders. Rejects with `FileRefused`. */
export async function readTextFile(path: string, folders: readonly string[], range: ReadRange = {}): Promise<string> {
  const real = await resolveAllowed(path, folders)
  try {
    // A link that has replaced the file meanwhile is not followed; a named pipe does not block.
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = await file.stat()
      if (!stats.isFile()) throw new FileRefused(`\`${path}\` is not a file`)
      if (stats.size > MAX_FILE_BYTES) throw new FileRefused(`\`${path}\` has more than ${MAX_FILE_BYTES} bytes`)
      return cut(await file.readFile('utf8'), range)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw error instanceof FileRefused ? error : refusal(path, error)
  }
}

function cut(text: string, {line, limit}: ReadRange): string {
  if (line === undefined && limit === undefined) return text
  const first = Math.max((line ?? 1) - 1, 0)
  return text
    .split(/(?<=\n)/)
    .slice(first, limit === undefined ? undefined : first + limit)
    .join('')
}
