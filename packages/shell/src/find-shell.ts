import {accessSync, constants, statSync} from 'node:fs'
import {basename, delimiter, join} from 'node:path'

import {ShellError} from './shell-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The shell to start: `path` if given, else `$SHELL` if that is a bash, else the first bash on `$PATH`. */
export function findShell(path: string | undefined, env: Environment): string {
  if (path !== undefined) {
    if (!isProgram(path)) throw new ShellError('not-startable', `Expected \`path\` to be a program, got \`${path}\``)
    return path
  }
  const {SHELL = '', PATH = ''} = env
  const candidates = [SHELL, ...PATH.split(delimiter).map((folder) => join(folder, 'bash'))]
  const found = candidates.find((candidate) => basename(candidate) === 'bash' && isProgram(candidate))
  if (found === undefined)
    throw new ShellError('not-startable', `Expected a bash on \`$PATH\`, got none in \`${PATH}\``)
  return found
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
