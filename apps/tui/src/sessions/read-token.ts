import {readFileSync, statSync} from 'node:fs'

import {complain} from '../process/complain.ts'
import {UserError} from '../process/user-error.ts'

/** No token is longer; a file that is holds something else. Bytes. */
const maxBytes = 4096

/** The token in a file, without the blanks and line breaks around it. What is in the file is told to nobody. */
export function readToken(file: string): string {
  const text = readPrivateText(file).trim()
  if (!/^[\x21-\x7e]+$/.test(text)) {
    const expected = 'expected one word of printable ASCII in the token file'
    throw new UserError(`${expected} ${file}, it ${text === '' ? 'is empty' : 'holds something else'}`, {exitCode: 2})
  }
  return text
}

function readPrivateText(file: string): string {
  try {
    const {size, mode} = statSync(file)
    if (size > maxBytes) throw new UserError(`expected a token in ${file}, it has ${size} bytes`, {exitCode: 2})
    if ((mode & 0o077) !== 0) complain(`others can read the token in ${file}; \`chmod 600\` makes it yours`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw toUserError(file, error)
    const make = `(umask 077; head -c 32 /dev/urandom | base64 > ${file})`
    throw new UserError(`there is no token file ${file}; on the side that serves, make one: ${make}`, {exitCode: 2})
  }
}

function toUserError(file: string, error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error
  return new UserError(`the token file ${file} cannot be read: ${error.message}`, {cause: error, exitCode: 2})
}
