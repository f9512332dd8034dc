import {existsSync, mkdirSync, rmSync} from 'node:fs'
import {basename} from 'node:path'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {openSqliteLog, type EventLog} from '@holdfast/event-log'
import {
  errorCodes,
  homePaths,
  leaseHeldExitCode,
  sessionPaths,
  type NewEvent,
  type Params,
  type SessionInfo,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {findShell, ShellError} from '@holdfast/shell'
import {endInOrder} from '@holdfast/supervisor'
import {listenSocket} from '@holdfast/transport/socket'

import {LeaseHeldError, takeLease} from './lease.ts'
import {createSession, type Session} from './session.ts'
import {createSessionServer} from './session-server.ts'
import {createShellAgent} from './shell-agent.ts'

export interface HostOptions {
  home: string
  sessionId: string
  /** Of the program, for the greeting. */
  version: string
  breadcrumbs: Breadcrumbs
  /** How long a host waits to be told what session to make, ms. @default 15_000 */
  createTimeoutMs?: number
}

const defaultSize = {cols: 80, rows: 24}

/**
 * Runs the host of one session in this process, until the session is closed or the process is told to end. Prints one
 * line on stdout when its socket listens. A session without a log waits to be made by `session.create`.
 */
export async function runHost(options: HostOptions): Promise<void> {
  const {home, sessionId, version, breadcrumbs, createTimeoutMs = 15_000} = options
  const paths = sessionPaths(home, sessionId)
  const {sessions, run} = homePaths(home)
  for (const folder of [sessions, run]) mkdirSync(folder, {recursive: true, mode: 0o700})

  let lease
  try {
    lease = takeLease(paths.lease)
  } catch (error) {
    if (!(error instanceof LeaseHeldError)) throw error
    breadcrumbs.record('lease-held')
    process.exitCode = leaseHeldExitCode
    return
  }

  let opened: {session: Session; log: EventLog} | undefined
  const ending = endInOrder({
    breadcrumbs,
    onEnd: async () => {
      await opened?.session.suspend('host-ended')
      await listening?.close()
      opened?.log.close()
      // Nobody will open a closed session again, so nobody can be waiting for these.
      if (opened?.session.isClosed) for (const file of [paths.lease, paths.stderr]) rmSync(file, {force: true})
      lease.release()
    },
  })

  const server = createSessionServer({
    sessionId,
    version,
    current: () => opened,
    create: (params) => {
      const created = createdEvent(params)
      const log = openSqliteLog({file: paths.log, sessionId, create: true})
      log.append([created], {durable: true})
      open(log, params)
    },
    onClosed: () => ending.end('session-closed'),
  })

  const open = (log: EventLog, params?: Params<'session.create'>) => {
    const {cwd, shell} = sessionInfo(log)
    const size = {cols: params?.cols ?? defaultSize.cols, rows: params?.rows ?? defaultSize.rows}
    const session = createSession({
      log,
      agent: createShellAgent({cwd, path: shell, size}),
      onAppend: () => server.wake(),
      onFault: (error) => {
        throw error
      },
    })
    opened = {session, log}
  }

  const log = existsSync(paths.log) ? openSqliteLog({file: paths.log, sessionId}) : undefined
  if (log?.state()?.closed != null) return ending.end('the session was closed before')
  // A log without an event is left of a host that died while it made the session: the session was never there.
  if (log !== undefined && log.latestSeq > 0) open(log)
  else setTimeout(() => opened ?? ending.end('never-created'), createTimeoutMs).unref()

  const listening = await listenSocket(paths.socket, (transport) => server.serve(transport), {replace: true})
  breadcrumbs.record('ready')
  // Whoever started this host may be gone by now; it lives on for the next one.
  process.stdout.on('error', () => undefined)
  process.stdout.write('ready\n')
}

function expectShell(path: string | undefined): string {
  try {
    return findShell(path, process.env)
  } catch (error) {
    throw error instanceof ShellError ? new RpcError(errorCodes.agentUnavailable, error.message) : error
  }
}

function sessionInfo(log: EventLog): SessionInfo {
  const state = log.state()
  if (state === undefined) throw new Error(`Expected the log of session ${log.sessionId} to begin with event 1`)
  return state.info
}

function createdEvent(params: Params<'session.create'>): NewEvent {
  const {cwd, title = basename(cwd) || cwd} = params
  const shell = expectShell(params.shell)
  return {type: 'session.info', payload: {title, agent: 'shell', cwd, shell, created_at: Date.now()}}
}
