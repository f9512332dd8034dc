import {existsSync, mkdirSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {findFullDisk, heldElsewhereExitCode, homePaths, leaseHeldExitCode, sessionPaths} from '@holdfast/event-log'
import {errorCodes, parseResult, protocolVersion, type Hello, type SessionState} from '@holdfast/protocol'
import {createConnection, isPeerGone, RpcError, type Connection} from '@holdfast/rpc'
import {adoptProcess, awaitReady, isStartError, readPidFiles, startChild, type StartError} from '@holdfast/supervisor'
import {connectSocket, isSocketError} from '@holdfast/transport/socket'

import {presentClient, type Caller} from '../caller.ts'
import {limitConcurrency} from '../limit-concurrency.ts'
import {writeBudget} from '../process-limits.ts'
import {awaitGreeting} from './greeting.ts'
import {HeldElsewhereError} from './held-elsewhere.ts'
import {hostUnavailable} from './host-unavailable.ts'
import {removeLeftovers} from './remove-leftovers.ts'

export interface HostsOptions {
  home: string
  /** The command that runs a host; the gateway appends the session id as the last argument. */
  hostCommand: readonly [string, ...string[]]
  breadcrumbs: Breadcrumbs
  /** The program's version, for hosts. */
  version: string
  /** Variables for the hosts that this starts. */
  hostEnvironment?: Readonly<Record<string, string>> | undefined
  /** What the client calls itself. @default nothing */
  clientName?: () => string | undefined
  /** Whose hosts these are. One that may only look starts none: `connect` rejects with an `RpcError` `readOnly`. */
  caller?: Caller | undefined
}

/** Finds the running hosts of a home, and starts missing ones. */
export interface Hosts {
  /** Whether a host listens on the session's socket. */
  isAlive(sessionId: string): Promise<boolean>
  /** Connects to the host of a session; undefined where none runs. Rejects where it does not greet, or does not fit. */
  find(sessionId: string): Promise<Connection | undefined>
  /** The state of a session as its host knows it; undefined where no host answers. Starts none. */
  readState(sessionId: string): Promise<SessionState | undefined>
  /**
   * Connects to the host of a session, and starts one if none runs. Waits while this process starts 4 others: the deadlines
   * of a start begin with it. If another gateway is starting the host, this looks for that one for 15 s. `abandoned` ends both
   * when nobody waits for the connection any more. `requireOpen` is called where no host runs, and throws if none may be
   * started: to ask a running host is cheaper than to read the log. `onWaiting` is told, for users, why it takes long, and
   * returns whether a user reads that. Rejects with what `requireOpen` throws, or with an `RpcError` `hostUnavailable`, as which a
   * `SessionAwayError` counts, or `protocolMismatch`.
   */
  connect(
    sessionId: string,
    abandoned: AbortSignal,
    requireOpen?: () => void,
    onWaiting?: (message: string) => boolean,
  ): Promise<Connection>
}

/** The pause between two looks for a host that another gateway is starting, ms. */
const pollMs = 50

/** How often to look for it before starting a host again. */
const looksPerStart = 10

/** How long a list waits for the state that only a host knows, ms. */
const stateTimeoutMs = 2000

/** How long to watch the process of a host after its connection was lost, ms. */
const watchExitMs = 5000

/** How long a start may take, with the search for a host that another gateway is starting, ms. */
const startWithinMs = 15_000

/** How long a host may take until it listens, ms. Shorter than `startWithinMs`, so that a second one can be started. */
const readyTimeoutMs = 10_000

/** Hosts that this process starts at a time, for all its clients: more would miss their deadlines together. */
const takeTurn = limitConcurrency(4)

export function createHosts(options: HostsOptions): Hosts {
  const {home, hostCommand, hostEnvironment, version, clientName, caller} = options

  /** `served`: what the host is told of the client; nothing where the gateway connects for itself. */
  const find = async (sessionId: string, served: Pick<Hello, 'name' | 'caller'> = {}) => {
    try {
      const connection = createConnection(await connectSocket(sessionPaths(home, sessionId).socket, {writeBudget}))
      await awaitGreeting(connection, `The host of session ${sessionId}`)
      connection.notify('client.hello', {protocol: protocolVersion, version, ...served})
      return connection
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** Starts a host. `lease-held`: another process has the session's lease. */
  const start = async (sessionId: string): Promise<'ready' | 'lease-held'> => {
    mkdirSync(homePaths(home).run, {recursive: true, mode: 0o700})
    const [command, ...args] = hostCommand
    const breadcrumbs = options.breadcrumbs.with({session: sessionId})
    const child = startChild({
      name: 'host',
      command,
      args: [...args, sessionId],
      // The folder of the session may be deleted, and a host must not keep it in use.
      cwd: home,
      // A host that is started in a session of Holdfast is no program of that session.
      env: {HOLDFAST_SESSION: undefined, ...hostEnvironment},
      breadcrumbs,
      outlives: {stderrFile: sessionPaths(home, sessionId).stderr},
    })
    const ready = new Promise((resolve) => child.stdout.once('data', resolve))
    try {
      await awaitReady(child, ready, {name: 'host', timeoutMs: readyTimeoutMs, breadcrumbs})
    } catch (error) {
      if (!isStartError(error)) throw error
      if (error.exit.code === leaseHeldExitCode) return 'lease-held'
      if (error.exit.code === heldElsewhereExitCode) throw new HeldElsewhereError(sessionId)
      removeLeftovers(home, sessionId)
      const message = `The host of session ${sessionId} did not start: ${findFullDisk(homePaths(home).run) ?? describe(error)}`
      throw new RpcError(errorCodes.hostUnavailable, message)
    }
    child.release()
    return 'ready'
  }

  const client = () => presentClient(clientName?.(), caller)

  const connect: Hosts['connect'] = async (sessionId, abandoned, requireOpen) => {
    const running = await find(sessionId, client())
    if (running !== undefined) return running
    requireOpen?.()
    if (caller?.isReadOnly === true)
      throw new RpcError(errorCodes.readOnly, `Session ${sessionId} does not run, and ${caller.name} may only look`)
    return await takeTurn(() => startAndFind(sessionId, abandoned))
  }

  const startAndFind = async (sessionId: string, abandoned: AbortSignal): Promise<Connection> => {
    abandoned.throwIfAborted()
    const signal = AbortSignal.any([abandoned, AbortSignal.timeout(startWithinMs)])
    while (!signal.aborted) {
      const outcome = await start(sessionId)
      // The process with the lease is about to listen, or about to end.
      for (let looks = outcome === 'ready' ? 1 : looksPerStart; looks > 0; looks--) {
        const started = await find(sessionId, client())
        if (started !== undefined) return started
        if (outcome === 'lease-held') await delay(pollMs)
      }
      if (outcome === 'ready') break
    }
    throw new RpcError(
      errorCodes.hostUnavailable,
      `The host of session ${sessionId} is running, but does not listen on its socket`,
    )
  }

  /** Records the exit of a host, which is no child of this process. */
  const adopt = (sessionId: string, connection: Connection): void => {
    const pidFiles = readPidFiles(homePaths(home).run)
    const pidFile = pidFiles.find(({role, session}) => role === 'host' && session === sessionId)
    if (pidFile === undefined) return
    const breadcrumbs = options.breadcrumbs.with({session: sessionId})
    const host = adoptProcess(pidFile.process, {name: 'host', checkFrom: connection.closed, breadcrumbs})
    void connection.closed.then(({by}) => {
      if (by === 'us') host.release()
      else setTimeout(() => host.release(), watchExitMs).unref()
    })
  }

  return {
    find: (sessionId) => find(sessionId),
    async isAlive(sessionId) {
      const {socket} = sessionPaths(home, sessionId)
      // Most sessions have no socket: to check is cheaper than to fail.
      if (!existsSync(socket)) return false
      try {
        const transport = await connectSocket(socket)
        await transport.close('it checked whether the host is running')
        return true
      } catch {
        return false
      }
    },
    async readState(sessionId) {
      let connection: Connection | undefined
      try {
        connection = await find(sessionId)
        if (connection === undefined) return undefined
        // After all events: it asks only for the state.
        const params = {session_id: sessionId, after_seq: Number.MAX_SAFE_INTEGER}
        return parseResult(
          'session.resume',
          await connection.request('session.resume', params, {timeoutMs: stateTimeoutMs}),
        ).state
      } catch {
        return undefined
      } finally {
        await connection?.close()
      }
    },
    async connect(sessionId, abandoned, requireOpen) {
      try {
        const connection = await connect(sessionId, abandoned, requireOpen)
        // Reading all PID files takes longer than the requests that wait for this connection: those go first.
        setImmediate(() => adopt(sessionId, connection))
        return connection
      } catch (error) {
        throw hostUnavailable(sessionId, findFullDisk(homePaths(home).run) ?? error)
      }
    },
  }
}

/** Whether no host listens: the socket is missing, is left from a killed host, or was closed just now. */
function isMissing(error: unknown): boolean {
  return isPeerGone(error) || (isSocketError(error) && error.code === 'nobody-listens')
}

/** Why a host did not start: its last line on stderr, if there is one. */
function describe({code, message, exit: {code: exitCode, signal, stderr}}: StartError): string {
  if (code !== 'exited') return message
  return stderr.at(-1) ?? (signal === null ? `exit code ${exitCode}` : `killed by ${signal}`)
}
