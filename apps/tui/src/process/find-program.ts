import {accessSync, constants, statSync} from 'node:fs'
import {join} from 'node:path'

/** The program of this name on `$PATH`, or at this path, if there is one that this user may run. */
export function findProgram(command: string, {PATH = ''}: NodeJS.ProcessEnv = process.env): string | undefined {
  if (command.includes('/')) return isProgram(command) ? command : undefined
  return PATH.split(':')
    .map((folder) => join(folder, command))
    .find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
