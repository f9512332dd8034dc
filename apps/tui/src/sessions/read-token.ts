import {readSmallFile} from '../files/read-small-file.ts'
import {printError} from '../process/print-error.ts'
import {UserError} from '../process/user-error.ts'

/** A larger file is no token file, bytes. */
const maxBytes = 4096
/** For a password manager that asks the user first. */
const maxPipeMs = 30_000

export interface ReadTokenOptions {
  /** Another machine serves the sessions. */
  isClient?: boolean
  /** Whether the file may be a pipe, such as the one of `<(…)`. */
  canBePipe?: boolean
}

/** Reads an access token, trimmed. Errors never contain the content of the file. */
export async function readToken(file: string, options: ReadTokenOptions = {}): Promise<string> {
  const text = (await readPrivateText(file, options)).trim()
  if (!/^[\x21-\x7e]+$/.test(text)) {
    const expected = 'expected an access token (printable ASCII without spaces) in'
    throw new UserError(`${expected} ${file}, ${text === '' ? 'the file is empty' : 'got something else'}`, {
      code: 'usage',
    })
  }
  return text
}

async function readPrivateText(file: string, {isClient = false, canBePipe = false}: ReadTokenOptions): Promise<string> {
  try {
    const {text, stats} = await readSmallFile(file, {maxBytes, ...(canBePipe ? {maxPipeMs} : {})})
    const {mode, uid} = stats
    if (![0, process.geteuid?.()].includes(uid))
      printError(`another user (uid ${uid}) owns the access token in ${file}: make your own`)
    else if ((mode & 0o077) !== 0)
      printError(`other users can read the access token in ${file}: run \`chmod 600 ${file}\``)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw toUserError(file, error)
    const make = `(umask 077; head -c 32 /dev/urandom | base64 > ${file})`
    const where = isClient ? 'on the serving machine, ' : ''
    throw new UserError(`there is no token file ${file}; ${where}create one: ${make}`, {code: 'usage'})
  }
}

function toUserError(file: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return new UserError(`the token file ${file} cannot be read: ${error.message}`, {cause: error, code: 'usage'})
}
