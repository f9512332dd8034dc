import {isSocketError, listenGateway} from '@holdfast/gateway/websocket'
import {createMemoryMonitor, handleShutdown} from '@holdfast/supervisor'

import {beginProcess} from '../../process/begin-process.ts'
import {printError} from '../../process/print-error.ts'
import {findHome} from '../../process/find-home.ts'
import {ownCommand} from '../../process/own-command.ts'
import {UserError} from '../../process/user-error.ts'
import {version} from '../../process/version.ts'
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
  const token = tokenFile === undefined ? undefined : readToken(tokenFile)
  if (token !== undefined && token.length < minTokenLength) {
    const got = `got ${token.length}`
    throw new UserError(`expected an access token of at least ${minTokenLength} characters in ${tokenFile}, ${got}`, {
      exitCode: 2,
    })
  }
  const breadcrumbs = beginProcess('serve')
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

  if (token === undefined)
    printError('any user of this machine can use these sessions: --token-file FILE restricts access')
  const withToken = tokenFile === undefined ? '' : ' --token-file FILE'
  process.stdout.write(
    json
      ? `${JSON.stringify({url: listener.url})}\n`
      : `Serving the sessions of this machine at ${listener.url}\nConnect with: holdfast --connect ${listener.url}${withToken}\n`,
  )
}

function toUserError(error: unknown, {host, port}: ServeOptions['listen']): unknown {
  if (!isSocketError(error)) return error
  const {code} = error
  if (code === 'token-needed') {
    const why = `${host} is reachable from other machines`
    return new UserError(`${why}: --token-file FILE is required`, {cause: error, exitCode: 2})
  }
  if (code === 'in-use')
    return new UserError(`port ${port} of ${host} is in use: --listen ${host}:0 takes a free one`, {cause: error})
  return new UserError(error.message, {cause: error})
}
