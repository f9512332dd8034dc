import {isSocketError, listenGateway} from '@holdfast/gateway/websocket'
import {homePaths} from '@holdfast/event-log'
import {createMemoryMonitor, handleShutdown, writePidFile} from '@holdfast/supervisor'
import {toJsonLine} from '@holdfast/terminal'

import {beginProcess} from '../../process/begin-process.ts'
import {findHome} from '../../process/find-home.ts'
import {ownCommand} from '../../process/own-command.ts'
import {UserError} from '../../process/user-error.ts'
import {version} from '../../process/version.ts'
import {invocationFor} from '../../sessions/gateway-choice.ts'
import {homeTokenFile, openHomeToken} from '../../sessions/home-token.ts'
import {readToken} from '../../sessions/read-token.ts'

export interface ServeOptions {
  listen: {host: string; port: number}
  tokenFile?: string | undefined
  json?: boolean
}

/** Shorter tokens can be guessed. */
const minTokenLength = 16

/** Serves the sessions of this home until it is stopped; sessions keep running. */
export async function serveSessions({listen, tokenFile, json = false}: ServeOptions): Promise<void> {
  const home = findHome()
  const given = tokenFile === undefined ? undefined : await readLongToken(tokenFile)
  const breadcrumbs = beginProcess('serve')
  const token = given ?? (await openHomeToken(home))
  const listener = await listenGateway(listen, {
    home,
    hostCommand: ownCommand('host'),
    version,
    breadcrumbs,
    token,
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

  const {url} = listener
  if (given === undefined) noteOwnServe(home, url)

  const needed = tokenFile ?? homeTokenFile(home)
  process.stdout.write(
    json
      ? `${toJsonLine({url, token_file: needed})}\n`
      : `Serving the sessions of this machine at ${url}\n` +
          `Connect with: ${invocationFor({connect: url, tokenFile: needed})}\n`,
  )
}

async function readLongToken(file: string): Promise<string> {
  const token = await readToken(file, {canBePipe: true})
  if (token.length >= minTokenLength) return token
  const expected = `expected an access token of at least ${minTokenLength} characters`
  throw new UserError(`${expected} in ${file}, got ${token.length}`, {code: 'usage'})
}

/** Lets clients of this home find out that they may use its token at this address. */
function noteOwnServe(home: string, url: string): void {
  process.on('exit', writePidFile(homePaths(home).run, {role: 'serve', startedAt: Date.now(), url}))
}

function toUserError(error: unknown, {host, port}: ServeOptions['listen']): unknown {
  if (!isSocketError(error)) return error
  if (error.code === 'in-use')
    return new UserError(`port ${port} of ${host} is in use: --listen ${host}:0 takes a free one`, {cause: error})
  return new UserError(error.message, {cause: error})
}
