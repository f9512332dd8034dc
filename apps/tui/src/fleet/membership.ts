import {readFileSync, rmSync} from 'node:fs'

import {UserError} from '../process/user-error.ts'
import {replaceFile} from '../files/replace-file.ts'
import type {FleetSettings} from './fleet-settings.ts'

/**
 * The fleet of which a home is a member. Its hosts claim their sessions in it, whoever starts them: a host that did not would go on
 * with a session that has moved to another machine.
 */
export interface Membership {
  settings: FleetSettings & {machine: string}
  /** The last process that had the lease of the machine. */
  instance: string
}

function fileOf(home: string): string {
  return `${home}/fleet.json`
}

/** `undefined` for a home that is in no fleet. Throws a `UserError`. */
export function readMembership(home: string): Membership | undefined {
  const file = fileOf(home)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new UserError(`${file} cannot be read: ${message}`, {cause})
  }
  const read = parse(text)
  if (read !== undefined) return read
  throw new UserError(
    `${file} does not say of which fleet this machine is a member: start \`holdfast serve --fleet\` again`,
  )
}

/** Only its owner may read the file: it may have a password. Throws the errors of the file system. */
export function writeMembership(home: string, membership: Membership): void {
  replaceFile(fileOf(home), `${JSON.stringify({v: 1, ...membership})}\n`)
}

/** The machine has left its fleet. */
export function removeMembership(home: string): void {
  rmSync(fileOf(home), {force: true})
}

/** The name of this machine in a fleet; `undefined` if it is no member. */
export function machineIn(home: string, fleet: {name: string; servers: readonly string[]}): string | undefined {
  const settings = readMembership(home)?.settings
  if (settings?.name !== fleet.name) return undefined
  // Another cluster may have a fleet of the same name.
  return fleet.servers.some((server) => settings.servers.includes(server)) ? settings.machine : undefined
}

/** Checks what others rely on. The rest is checked where it is used. */
function parse(text: string): Membership | undefined {
  try {
    const {v, settings, instance} = JSON.parse(text) as Partial<Membership> & {v?: number}
    const isWhole =
      typeof instance === 'string' &&
      typeof settings?.machine === 'string' &&
      typeof settings.name === 'string' &&
      Array.isArray(settings.servers)
    return v === 1 && isWhole ? {settings, instance} : undefined
  } catch {
    return undefined
  }
}
