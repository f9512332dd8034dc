import {accessSync, constants, existsSync, statSync} from 'node:fs'
import {delimiter, isAbsolute, join, resolve} from 'node:path'

import {ShellError} from '../shell-error.ts'

export interface FindProgramOptions {
  /** Its `PATH` is searched. */
  env: Readonly<Record<string, string | undefined>>
  /** Where a relative path begins. */
  cwd: string
  /** What the error calls it. @default 'program' */
  what?: string
}

/** The path of a program: of this one, or of the first of that name on `$PATH`. Throws `not-startable` if there is none. */
export function findProgram(name: string, {env, cwd, what = 'program'}: FindProgramOptions): string {
  const isPath = name.includes('/')
  const found = (isPath ? [resolve(cwd, name)] : pathsOf(name, env)).find(isProgram)
  if (found !== undefined) return found
  const problem = isPath && existsSync(resolve(cwd, name)) ? 'is not a program that you may run' : 'was not found'
  throw new ShellError(
    'not-startable',
    `the ${what} \`${name}\` ${problem}: name a program by its path, or by its name on $PATH`,
  )
}

/** Where a program of this name may be, in the order of `$PATH`. */
export function pathsOf(name: string, {PATH = ''}: Readonly<Record<string, string | undefined>>): string[] {
  return PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .filter(isAbsolute)
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
