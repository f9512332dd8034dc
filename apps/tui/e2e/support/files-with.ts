import {lstatSync, readdirSync, readFileSync} from 'node:fs'

import type {Home} from './home.ts'

/** The files of the user that contain a word, in any case. */
export function filesWith(home: Home, word: string): string[] {
  return filesBelow(home).filter((file) => textOf(file).toLowerCase().includes(word.toLowerCase()))
}

/** Empty if the file is gone, as PID files may be. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

export function filesBelow(home: Home): string[] {
  return [home.user, home.state, home.temporary, home.project].flatMap((folder) =>
    readdirSync(folder, {recursive: true})
      .map((name) => `${folder}/${String(name)}`)
      .filter((file) => lstatSync(file, {throwIfNoEntry: false})?.isFile()),
  )
}
