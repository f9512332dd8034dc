import {existsSync} from 'node:fs'
import {networkInterfaces} from 'node:os'
import {fileURLToPath} from 'node:url'

import {isSocketError, listenGateway} from '@holdfast/gateway/websocket'
import {homePaths} from '@holdfast/event-log'
import {createMemoryMonitor, handleShutdown, writePidFile} from '@holdfast/supervisor'
import {toJsonLine} from '@holdfast/terminal'

import {beginProcess} from '../../../process/begin-process.ts'
import {findHome} from '../../../process/find-home.ts'
import {invocation} from '../../../process/invocation.ts'
import {ownCommand} from '../../../process/own-command.ts'
import {printError} from '../../../process/print-error.ts'
import {UserError} from '../../../process/user-error.ts'
import {version} from '../../../process/version.ts'
import {invocationFor} from '../../../sessions/gateway-choice.ts'
import {homeTokenFile, openHomeToken} from '../../../sessions/home-token.ts'
import {readToken} from '../../../sessions/read-token.ts'
import {reachableUrl} from '../../../sessions/served-page.ts'
import {openAccess} from '../../../sessions/with-access.ts'
import type {FleetChoice} from '../../../fleet/fleet-choice.ts'
import {readCertificate, watchCertificate, type CertificateOptions} from './certificate.ts'
import type {FleetMember, JoinOptions, MemberOptions} from './join-fleet.ts'

export interface ServeOptions extends CertificateOptions, MemberOptions {
  listen: {host: string; port: number}
  web?: true
  publicUrl?: URL
  insecure?: true
  tokenFile?: string | undefined
  readOnly?: true
  json?: true
  /** The fleet that this machine joins. @default none */
  fleet?: FleetChoice | undefined
}

/** Shorter tokens can be guessed. */
const minTokenLength = 16

/** Serves the sessions of this home until it is stopped; sessions keep running. */
export async function serveSessions(options: ServeOptions): Promise<void> {
  const {listen, web = false, publicUrl, insecure = false, tokenFile, readOnly: isReadOnly = false} = options
  const home = findHome()
  const given = tokenFile === undefined ? undefined : await readLongToken(tokenFile)
  const tls = readCertificate(options)
  const page = web ? findPage() : undefined
  const breadcrumbs = beginProcess('serve')
  const token = given ?? (await openHomeToken(home))
  const access = openAccess(home)
  const gateway = {hostCommand: ownCommand('host'), version}
  const failures: string[] = []
  let onFailure = (message: string) => void failures.push(message)
  const member = await join(options, {home, gateway, breadcrumbs, onFailure: (message) => onFailure(message)})
  const listener = await listenGateway(listen, {
    home,
    ...gateway,
    breadcrumbs,
    ...member?.routes,
    token,
    access,
    isReadOnly,
    page,
    tls,
    insecure: insecure || publicUrl?.protocol === 'https:',
    publicUrl,
  }).catch(async (error: unknown) => {
    await member?.close()
    // Without it, the exit would be recorded as a crash.
    if (isSocketError(error)) breadcrumbs.record('shutdown', {cause: 'requested', reason: 'it could not listen'})
    throw toUserError(error, listen)
  })
  if (tls !== undefined) watchCertificate(options, tls, {breadcrumbs, use: listener.renewTls})
  const shutdown = handleShutdown({
    breadcrumbs,
    onShutdown: async () => void (await Promise.all([listener.close('the server was stopped'), member?.close()])),
  })
  onFailure = (message) => {
    printError(message)
    shutdown.begin({kind: 'requested', reason: 'the fleet'})
  }
  failures.forEach(onFailure)
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  breadcrumbs.record('ready', {url: listener.url})

  const ownPage = web ? (publicUrl?.origin ?? listener.url.replace(/^ws/, 'http')) : undefined
  noteServe(home, {url: given === undefined ? listener.url : undefined, page: ownPage})

  const pageUrl = ownPage && reachableUrl(ownPage, networkInterfaces())
  const url = publicUrl?.origin.replace(/^http/, 'ws') ?? listener.url
  const needed = tokenFile ?? homeTokenFile(home)
  process.stdout.write(
    options.json
      ? `${toJsonLine({url, token_file: needed, page: pageUrl, fleet: options.fleet?.name, machine: member?.name})}\n`
      : `Serving the sessions of this machine at ${url}${isReadOnly ? ', read-only' : ''}\n` +
          `Connect with: ${invocationFor({connect: url, tokenFile: needed})}\n` +
          (pageUrl === undefined ? '' : `The page is at ${pageUrl}: \`${invocation('pair')}\` lets a browser in\n`) +
          describeMember(member, options.fleet?.name),
  )
}

function describeMember(member: FleetMember | undefined, fleet: string | undefined): string {
  if (member === undefined) return ''
  return `This machine ${member.isJoined ? 'is' : 'will be'} ${member.name} in the fleet ${fleet}\n`
}

/** Loads the code of a fleet where there is one. */
async function join(options: ServeOptions, rest: JoinOptions): Promise<FleetMember | undefined> {
  if (options.fleet === undefined) return undefined
  const {joinFleet} = await import('./join-fleet.ts')
  const {name, archive, keepClosed, lease, promise, replicas, shards} = options
  const given = {name, archive, keepClosed, lease, promise, replicas, shards}
  const member = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as MemberOptions
  return await joinFleet(options.fleet, member, rest)
}

async function readLongToken(file: string): Promise<string> {
  const token = await readToken(file, {canBePipe: true})
  if (token.length >= minTokenLength) return token
  const expected = `expected an access token of at least ${minTokenLength} characters`
  throw new UserError(`${expected} in ${file}, got ${token.length}`, {code: 'usage'})
}

/** The page is beside the program. */
function findPage(): string {
  const folder = fileURLToPath(new URL('./web', import.meta.url))
  if (existsSync(`${folder}/index.html`)) return folder
  throw new UserError(`this installation has no page in ${folder}: install Holdfast again`)
}

/** Lets clients of this home find out that they may use its token at this address, and `pair` where the page is. */
function noteServe(home: string, where: {url: string | undefined; page: string | undefined}): void {
  process.on('exit', writePidFile(homePaths(home).run, {role: 'serve', startedAt: Date.now(), ...where}))
}

function toUserError(error: unknown, {host, port}: ServeOptions['listen']): unknown {
  if (!isSocketError(error)) return error
  if (error.code === 'in-use')
    return new UserError(`port ${port} of ${host} is in use: --listen ${host}:0 takes a free one`, {cause: error})
  if (error.code === 'tls-needed')
    return new UserError(
      `${host} can be reached from other machines, and nothing would be encrypted: give --tls-cert and --tls-key, or --public-url https://… of a proxy, or listen on 127.0.0.1 and forward the port through ssh; --insecure listens all the same`,
      {cause: error, code: 'usage'},
    )
  return new UserError(error.message, {cause: error})
}
