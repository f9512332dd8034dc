import {resolve} from 'node:path'

import {findHome} from '../process/find-home.ts'
import {machineIn} from './membership.ts'

/** The options that choose a fleet, with absolute paths. */
export interface FleetChoice {
  servers: readonly string[]
  name: string
  /** A file with credentials. */
  creds?: string | undefined
  /** PEM files for TLS: authorities, certificate and key. */
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
  /** The name of this machine; `undefined` if it is no member. */
  machine?: string | undefined
}

/** The options as they are given. */
export interface FleetOptionValues {
  fleet?: string | undefined
  fleetName?: string | undefined
  creds?: string | undefined
  fleetCa?: string | undefined
  fleetCert?: string | undefined
  fleetKey?: string | undefined
}

const defaultName = 'main'
const namePattern = /^[a-z0-9-]{1,32}$/

/** Why the options of a fleet are invalid. Never has a URL, which may hold credentials. Pure. */
export function fleetProblem({
  fleet,
  fleetName,
  creds,
  fleetCa,
  fleetCert,
  fleetKey,
}: FleetOptionValues): string | undefined {
  if (fleet === undefined) {
    const given = {'--fleet-name': fleetName, '--creds': creds, '--fleet-ca': fleetCa, '--fleet-cert': fleetCert, '--fleet-key': fleetKey} // prettier-ignore
    const alone = Object.entries(given).find(([, value]) => value !== undefined)
    return alone === undefined ? undefined : `expected --fleet beside ${alone[0]}`
  }
  for (const server of fleet.split(',')) {
    const problem = serverProblem(server)
    if (problem !== undefined) return `--fleet: ${problem}`
  }
  if (fleetName !== undefined && !namePattern.test(fleetName))
    return `--fleet-name: expected 1 to 32 of a-z, 0-9 and -, got ${JSON.stringify(fleetName)}`
  if ((fleetCert === undefined) !== (fleetKey === undefined))
    return 'expected both --fleet-cert and --fleet-key, got one of them'
  return undefined
}

function serverProblem(text: string): string | undefined {
  const url = URL.parse(text)
  const isServer = url !== null && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== ''
  if (!isServer || !['', '/'].includes(url.pathname) || url.search !== '')
    return 'expected nats://HOST:PORT or tls://HOST:PORT, several with commas between them'
  return url.username === '' && url.password === '' ? undefined : 'credentials do not belong in the URL: use --creds'
}

/** The fleet of valid options; `undefined` if they choose none. Throws a `UserError` if this machine does not know whether it is a member. */
export function fleetChoice({
  fleet,
  fleetName: name = defaultName,
  creds,
  fleetCa,
  fleetCert,
  fleetKey,
}: FleetOptionValues): FleetChoice | undefined {
  if (fleet === undefined) return undefined
  const servers = fleet.split(',')
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(file))
  return {
    servers,
    name,
    creds: path(creds),
    ca: path(fleetCa),
    cert: path(fleetCert),
    key: path(fleetKey),
    machine: machineIn(findHome(), {name, servers}),
  }
}

/** The options that choose the same fleet. Pure. */
export function fleetArguments({servers, name, creds, ca, cert, key}: FleetChoice): string[] {
  const given = {
    '--fleet': servers.join(','),
    '--fleet-name': name === defaultName ? undefined : name,
    '--creds': creds,
    '--fleet-ca': ca,
    '--fleet-cert': cert,
    '--fleet-key': key,
  }
  return Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [option, value]))
}
