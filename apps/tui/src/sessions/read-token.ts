import {readFileSync, statSync} from 'node:fs'

import {printError} from '../process/print-error.ts'
import {UserError} from '../process/user-error.ts'

/** A larger file is no token file, bytes. */
const maxBytes = 4096

/** Reads an access token, trimmed. Errors never contain the content of the file. `isClient`: another machine serves the sessions. */
export function readToken(file: string, {isClient = false} = {}): string {
  const text = readPrivateText(file, isClient).trim()
  if (!/^[\x21-\x7e]+$/.test(text)) {
    const expected = 'expected an access token (printable ASCII without spaces) in'
    throw new UserError(`${expected} ${file}, ${text === '' ? 'the file is empty' : 'got something else'}`, {
      exitCode: 2,
    })
  }
  return text
}

function readPrivateText(file: string, isClient: boolean): string {
  try {
    const {size, mode, uid} = statSync(file)
    if (size > maxBytes) throw new UserError(`expected an access token in ${file}, got ${size} bytes`, {exitCode: 2})
    if (![0, process.geteuid?.()].includes(uid))
      printError(`another user (uid ${uid}) owns the access token in ${file}: make your own`)
    else if ((mode & 0o077) !== 0)
      printError(`other users can read the access token in ${file}: run \`chmod 600 ${file}\``)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw toUserError(file, error)
    const make = `(umask 077; head -c 32 /dev/urandom | base64 > ${file})`
    const where = isClient ? 'on the serving machine, ' : ''
    throw new UserError(`there is no token file ${file}; ${where}create one: ${make}`, {exitCode: 2})
  }
}

function toUserError(file: string, error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error
  return new UserError(`the token file ${file} cannot be read: ${error.message}`, {cause: error, exitCode: 2})
}
