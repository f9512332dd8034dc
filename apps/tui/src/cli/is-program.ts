import {accessSync, constants} from 'node:fs'
import {join} from 'node:path'

/** Whether `$PATH` has a program of this name. */
export function isProgram(name: string): boolean {
  const {PATH = ''} = process.env
  return PATH.split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
