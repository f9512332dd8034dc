import {statSync} from 'node:fs'

/** Errors that may be gone a moment later: the machine was short of something, or the file was just being written. */
const PASSING = new Set(['EAGAIN', 'EINTR', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY'])

/** Whether a start that failed so may succeed when it is tried again. */
export function isPassing(error: unknown): boolean {
  return PASSING.has(codeOf(error) ?? '')
}

/** Says what was missing. The system says `ENOENT` of the program also where it was the folder that is not there. */
export function explainSpawnError(error: unknown, command: string, cwd: string | undefined): Error {
  const code = codeOf(error)
  const got = code ?? (error instanceof Error ? error.message : String(error))
  const message =
    cwd !== undefined && !isFolder(cwd)
      ? `Expected \`cwd\` to be a folder, got \`${cwd}\``
      : `Expected \`${command}\` to be a program that can be started, got ${got}`
  return Object.assign(new Error(message, {cause: error}), code === undefined ? {} : {code})
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}
