import {isSocketError, listenGateway} from '@holdfast/gateway/websocket'
import {createMemoryMonitor, handleShutdown} from '@holdfast/supervisor'

import {beginProcess} from '../../process/begin-process.ts'
import {complain} from '../../process/complain.ts'
import {findHome} from '../../process/find-home.ts'
import {ownCommand} from '../../process/own-command.ts'
import {UserError} from '../../process/user-error.ts'
import {version} from '../../process/version.ts'
import {readToken} from '../../sessions/read-token.ts'

export interface ServeOptions {
  listen: {host: string; port: number}
  tokenFile?: string
  json?: boolean
}

/** Shorter ones can be guessed. */
const minTokenLength = 16

/** Offers the sessions of this home to whoever connects, until it is told to end. What runs in them runs on. */
export async function serveSessions({listen, tokenFile, json = false}: ServeOptions): Promise<void> {
  const home = findHome()
  const breadcrumbs = beginProcess('serve')
  const token = tokenFile === undefined ? undefined : readToken(tokenFile)
  if (token !== undefined && token.length < minTokenLength) {
    const got = `got one of ${token.length}`
    throw new UserError(`expected a token of at least ${minTokenLength} characters in ${tokenFile}, ${got}`, {
      exitCode: 2,
    })
  }
  const listener = await listenGateway(listen, {
    home,
    hostCommand: ownCommand('host'),
    version,
    breadcrumbs,
    ...(token === undefined ? {} : {token}),
  }).catch((error: unknown) => {
    throw toUserError(error, listen)
  })
  const shutdown = handleShutdown({breadcrumbs, onShutdown: () => listener.close('the server was told to end')})
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  breadcrumbs.record('ready', {url: listener.url})

  if (token === undefined)
    complain('anybody on this machine can use these sessions; --token-file FILE keeps others out')
  const withToken = tokenFile === undefined ? '' : ' --token-file FILE'
  process.stdout.write(
    json
      ? `${JSON.stringify({url: listener.url})}\n`
      : `Serving the sessions of this machine at ${listener.url}\nholdfast --connect ${listener.url}${withToken}\n`,
  )
}

function toUserError(error: unknown, {host, port}: ServeOptions['listen']): unknown {
  if (!isSocketError(error)) return error
  const {code} = error
  if (code === 'token-needed') {
    const why = `${host} can be reached from other machines`
    return new UserError(`expected --token-file FILE, as ${why}`, {cause: error, exitCode: 2})
  }
  if (code === 'in-use')
    return new UserError(`port ${port} of ${host} is in use; --listen ${host}:0 takes any that is free`, {cause: error})
  return new UserError(error.message, {cause: error})
}
