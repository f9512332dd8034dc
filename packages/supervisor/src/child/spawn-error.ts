import {statSync} from 'node:fs'

/** Errors that may be gone a moment later: a shortage of resources, or a file that is being written. */
const transientCodes = new Set(['EAGAIN', 'EINTR', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY'])

/** Whether the start may succeed when it is tried again. */
export function isTransient(error: unknown): boolean {
  return transientCodes.has(codeOf(error) ?? '')
}

/** Names the missing file: the system reports ENOENT for a missing program and for a missing working directory. */
export function explainSpawnError(error: unknown, command: string, cwd: string | undefined): Error {
  const code = codeOf(error)
  const message =
    cwd !== undefined && !isFolder(cwd)
      ? `Cannot start \`${command}\`: \`${cwd}\` is not a folder`
      : `Cannot start \`${command}\`: ${reasons[code ?? ''] ?? code ?? (error instanceof Error ? error.message : String(error))}`
  return Object.assign(new Error(message, {cause: error}), code === undefined ? {} : {code})
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such program (ENOENT)',
  EACCES: 'not executable for this user (EACCES)',
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}
