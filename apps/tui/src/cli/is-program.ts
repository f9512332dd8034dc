import {accessSync, constants} from 'node:fs'
import {join} from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Whether `$PATH` has a program of this name. */
export function isProgram(name: string, {PATH = ''}: Environment = process.env): boolean {
  return PATH.split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
