import {readSmallFile} from '../files/read-small-file.ts'
import {UserError} from '../process/user-error.ts'
import type {FleetChoice} from './fleet-choice.ts'
import type {FleetSettings} from './fleet-settings.ts'

/** A file of `nsc` has some 2 KiB. */
const maxBytes = 64 * 1024

/** The settings of the processes that use a fleet. Reads the credentials. Throws a `UserError`, which does not show them. */
export async function toFleetSettings({
  servers,
  name,
  creds,
  ca,
  cert,
  key,
  machine,
}: FleetChoice): Promise<FleetSettings> {
  const tls = {
    ...(ca !== undefined && {caFile: ca}),
    ...(cert !== undefined && {certFile: cert}),
    ...(key !== undefined && {keyFile: key}),
  }
  const isTls = Object.keys(tls).length > 0 || servers.some((server) => server.startsWith('tls:'))
  return {
    servers: [...servers],
    name,
    ...(machine !== undefined && {machine}),
    ...(creds !== undefined && (await readCredentials(creds))),
    ...(isTls && {tls}),
  }
}

type Credentials = Pick<FleetSettings, 'credsFile' | 'user' | 'password' | 'token'>

/** A file of `nsc` is read again for each connection; of another one, the content counts: `USER:PASSWORD`, or a token. */
async function readCredentials(file: string): Promise<Credentials> {
  let text: string
  try {
    text = (await readSmallFile(file, {maxBytes})).text.trim()
  } catch (cause) {
    throw new UserError(`the credentials ${file} cannot be read: ${(cause as Error).message}`, {cause, code: 'usage'})
  }
  if (text.includes('BEGIN NATS USER JWT')) return {credsFile: file}
  if (text === '' || /\s/.test(text)) {
    const expected = 'expected a file of `nsc`, or one line: USER:PASSWORD, or a token'
    throw new UserError(`${expected}, in ${file}`, {code: 'usage'})
  }
  const colon = text.indexOf(':')
  return colon === -1 ? {token: text} : {user: text.slice(0, colon), password: text.slice(colon + 1)}
}
