import {existsSync, readFileSync} from 'node:fs'
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
import {UserError} from '../../../process/user-error.ts'
import {version} from '../../../process/version.ts'
import {invocationFor} from '../../../sessions/gateway-choice.ts'
import {homeTokenFile, openHomeToken} from '../../../sessions/home-token.ts'
import {readToken} from '../../../sessions/read-token.ts'
import {reachableUrl} from '../../../sessions/served-page.ts'
import {openAccess} from '../../../sessions/with-access.ts'

export interface ServeOptions {
  listen: {host: string; port: number}
  web?: true
  tlsCert?: string
  tlsKey?: string
  publicUrl?: URL
  insecure?: true
  tokenFile?: string | undefined
  readOnly?: true
  json?: true
}

/** Shorter tokens can be guessed. */
const minTokenLength = 16

/** Serves the sessions of this home until it is stopped; sessions keep running. */
export async function serveSessions(options: ServeOptions): Promise<void> {
  const {listen, web = false, publicUrl, insecure = false, tokenFile, readOnly: isReadOnly = false} = options
  const home = findHome()
  const given = tokenFile === undefined ? undefined : await readLongToken(tokenFile)
  const tls = readTls(options)
  const page = web ? findPage() : undefined
  const breadcrumbs = beginProcess('serve')
  const token = given ?? (await openHomeToken(home))
  const access = openAccess(home)
  const listener = await listenGateway(listen, {
    home,
    hostCommand: ownCommand('host'),
    version,
    breadcrumbs,
    token,
    access,
    isReadOnly,
    page,
    tls,
    insecure: insecure || publicUrl?.protocol === 'https:',
    publicUrl,
  }).catch((error: unknown) => {
    // Without it, the exit would be recorded as a crash.
    if (isSocketError(error)) breadcrumbs.record('shutdown', {cause: 'requested', reason: 'it could not listen'})
    throw toUserError(error, listen)
  })
  const shutdown = handleShutdown({breadcrumbs, onShutdown: () => listener.close('the server was stopped')})
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
      ? `${toJsonLine({url, token_file: needed, page: pageUrl})}\n`
      : `Serving the sessions of this machine at ${url}${isReadOnly ? ', to look at' : ''}\n` +
          `Connect with: ${invocationFor({connect: url, tokenFile: needed})}\n` +
          (pageUrl === undefined ? '' : `The page is at ${pageUrl}: \`${invocation('pair')}\` lets a browser in\n`),
  )
}

async function readLongToken(file: string): Promise<string> {
  const token = await readToken(file, {canBePipe: true})
  if (token.length >= minTokenLength) return token
  const expected = `expected an access token of at least ${minTokenLength} characters`
  throw new UserError(`${expected} in ${file}, got ${token.length}`, {code: 'usage'})
}

function readTls({tlsCert, tlsKey}: ServeOptions): {cert: Buffer; key: Buffer} | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UserError('expected both --tls-cert and --tls-key, got one of them', {code: 'usage'})
  }
  return {cert: readPem(tlsCert), key: readPem(tlsKey)}
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, {cause, code: 'usage'})
  }
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
