import {existsSync, mkdirSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {homePaths, leaseHeldExitCode, sessionPaths} from '@holdfast/event-log'
import {errorCodes} from '@holdfast/protocol'
import {createConnection, isPeerGone, RpcError, type Connection} from '@holdfast/rpc'
import {adoptProcess, awaitReady, readPidFiles, startChild, StartError} from '@holdfast/supervisor'
import {connectSocket, SocketError} from '@holdfast/transport/socket'

import {awaitGreeting} from './greeting.ts'
import {hostUnavailable} from './host-unavailable.ts'

export interface HostsOptions {
  home: string
  /** The command that runs a host; the id of the session is added as last argument. */
  hostCommand: readonly [string, ...string[]]
  breadcrumbs: Breadcrumbs
}

/** The hosts of a home: finds the living, starts the missing. */
export interface Hosts {
  /** Whether somebody listens at the session's socket. */
  isAlive(sessionId: string): Promise<boolean>
  /**
   * Connects to the host of a session, and starts one where none lives. Where another gateway starts one at this moment,
   * it looks for that one until `signal` aborts. Rejects with an `RpcError` `hostUnavailable` or `protocolMismatch`.
   */
  connect(sessionId: string, signal: AbortSignal): Promise<Connection>
}

/** How often to look for the socket of a host that another gateway starts at this moment, ms. */
const lookAgainMs = 50

/** How often to look for it before a host of our own is tried again. */
const looksAtAnother = 10

/** How long a host whose line is lost may take until it is gone, ms; from then on it is not looked at. */
const goneWithinMs = 5000

/** How long a host may take until it listens, ms. Shorter than a gateway waits for it, so that the next one can be started. */
const readyTimeoutMs = 10_000

export function createHosts(options: HostsOptions): Hosts {
  const {home, hostCommand} = options

  const find = async (sessionId: string): Promise<Connection | undefined> => {
    try {
      const connection = createConnection(await connectSocket(sessionPaths(home, sessionId).socket))
      await awaitGreeting(connection, sessionId)
      return connection
    } catch (error) {
      if (isNobodyThere(error)) return undefined
      throw error
    }
  }

  /** Starts a host. `held`: another one holds the session, and will listen soon. */
  const start = async (sessionId: string): Promise<'ready' | 'held'> => {
    mkdirSync(homePaths(home).run, {recursive: true, mode: 0o700})
    const [command, ...args] = hostCommand
    const breadcrumbs = options.breadcrumbs.with({session: sessionId})
    const child = startChild({
      name: 'host',
      command,
      args: [...args, sessionId],
      // Not the folder of the session: that may be gone, and a host must not hold on to it.
      cwd: home,
      breadcrumbs,
      outlives: {stderrFile: sessionPaths(home, sessionId).stderr},
    })
    const ready = new Promise((resolve) => child.stdout.once('data', resolve))
    try {
      await awaitReady(child, ready, {name: 'host', timeoutMs: readyTimeoutMs, breadcrumbs})
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      if (error.exit.code === leaseHeldExitCode) return 'held'
      const message = `The host of session ${sessionId} did not start: ${describe(error)}`
      throw new RpcError(errorCodes.hostUnavailable, message)
    }
    child.release()
    return 'ready'
  }

  const connect = async (sessionId: string, signal: AbortSignal): Promise<Connection> => {
    const living = await find(sessionId)
    if (living !== undefined) return living
    while (!signal.aborted) {
      const outcome = await start(sessionId)
      // One that holds the session may be about to listen, or about to end.
      for (let looks = outcome === 'ready' ? 1 : looksAtAnother; looks > 0; looks--) {
        const started = await find(sessionId)
        if (started !== undefined) return started
        if (outcome === 'held') await delay(lookAgainMs)
      }
      if (outcome === 'ready') break
    }
    throw new RpcError(errorCodes.hostUnavailable, `The host of session ${sessionId} lives, but nobody listens there`)
  }

  /** A host is nobody's child once it is ready. Its end is told all the same. */
  const adopt = (sessionId: string, connection: Connection): void => {
    const pidFiles = readPidFiles(homePaths(home).run)
    const pidFile = pidFiles.find(({role, session}) => role === 'host' && session === sessionId)
    if (pidFile === undefined) return
    const breadcrumbs = options.breadcrumbs.with({session: sessionId})
    const host = adoptProcess(pidFile.process, {name: 'host', lookFrom: connection.closed, breadcrumbs})
    void connection.closed.then(({by}) => {
      if (by === 'us') host.release()
      else setTimeout(() => host.release(), goneWithinMs).unref()
    })
  }

  return {
    async isAlive(sessionId) {
      const {socket} = sessionPaths(home, sessionId)
      // Of most sessions there is none: to ask for it takes less than to fail.
      if (!existsSync(socket)) return false
      try {
        const transport = await connectSocket(socket)
        await transport.close('only a look')
        return true
      } catch {
        return false
      }
    },
    async connect(sessionId, signal) {
      try {
        const connection = await connect(sessionId, signal)
        // What is waiting for the host is asked first: to find its process among all PID files takes longer than to ask.
        setImmediate(() => adopt(sessionId, connection))
        return connection
      } catch (error) {
        throw hostUnavailable(sessionId, error)
      }
    },
  }
}

/** Nobody listens there: a socket that a killed host left, or one that went away this moment. */
function isNobodyThere(error: unknown): boolean {
  return isPeerGone(error) || (error instanceof SocketError && error.code === 'nobody-listens')
}

/** In as few words as will do: its own last ones, where it had any. */
function describe({code, message, exit: {code: exitCode, signal, stderr}}: StartError): string {
  if (code !== 'exited') return message
  return stderr.at(-1) ?? (signal === null ? `exit code ${exitCode}` : `ended by ${signal}`)
}
