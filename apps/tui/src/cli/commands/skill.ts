import {join} from 'node:path'

import type {Command} from 'commander'

import {judgePage} from '../../completion/sealed-page.ts'
import {skillPage} from '../../completion/skill-page.ts'
import {readRegularFile, UnexpectedFileError} from '../../files/read-small-file.ts'
import {replaceFile} from '../../files/replace-file.ts'
import {openStandardOutput} from '../../process/standard-output.ts'
import {userFolder} from '../../process/user-folder.ts'
import {UserError} from '../../process/user-error.ts'

/** A larger file is no page of ours, bytes. */
const maxBytes = 256 * 1024

/** Prints the page that teaches coding agents the commands, or writes it where they find it. `install`: `true`, or a folder. */
export function teachAgents(program: Command, {install}: {install?: true | string}): void {
  const page = skillPage(program)
  const stdout = openStandardOutput()
  if (install === undefined) return stdout.write(page)
  const folder = install === true ? join(userFolder(), '.claude/skills/holdfast') : install
  const file = join(folder, 'SKILL.md')
  const found = readPage(file)
  const judged = found === undefined ? 'missing' : judgePage(found, page)
  if (judged === 'changed')
    throw new UserError(
      `${file} was not written by holdfast, or was changed since: move it away, or name another folder`,
    )
  if (judged !== 'same') writePage(file, page)
  stdout.write(`${describe[judged]} ${file}\n`)
}

const describe = {missing: 'Wrote', older: 'Replaced the page of another version:', same: 'Up to date:'} as const

function readPage(file: string): string | undefined {
  try {
    return readRegularFile(file, maxBytes)
  } catch (error) {
    if (error instanceof UnexpectedFileError) throw new UserError(`${file} is left as it is: ${error.message}`)
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new UserError(`${file} cannot be read (${code}): name another folder`)
  }
}

function writePage(file: string, page: string): void {
  try {
    replaceFile(file, page)
  } catch (error) {
    throw new UserError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}): name another folder`)
  }
}
