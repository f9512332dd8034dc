import {existsSync, mkdirSync, rmSync} from 'node:fs'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {
  type EventLog,
  homePaths,
  isReplaced,
  LeaseHeldError,
  leaseHeldExitCode,
  openOrRepairLog,
  openSqliteLog,
  sessionPaths,
  takeLease,
} from '@holdfast/event-log'
import {type Params, type SessionState} from '@holdfast/protocol'
import {handleShutdown} from '@holdfast/supervisor'
import {listenSocket, type SocketListener} from '@holdfast/transport/socket'

import {createdEvent} from './session/created-event.ts'
import {watchIdleTimeout} from './session/idle-timeout.ts'
import {createSession, type Session} from './session/session.ts'
import {createSessionServer} from './server/session-server.ts'
import {createShellAgent} from './agent/shell-agent.ts'

export interface HostOptions {
  home: string
  sessionId: string
  /** Of the program, for the greeting. */
  version: string
  breadcrumbs: Breadcrumbs
  /** How long a host waits to be told what session to make, ms. @default 15_000 */
  createTimeoutMs?: number
  /** It ends when nothing ran and nobody looked for so long, ms. The session stays. @default 86_400_000 (24 h) */
  idleMs?: number | undefined
}

const defaultSize = {cols: 80, rows: 24}

/**
 * Runs the host of one session in this process, until the session is closed or the process is told to end. Prints one
 * line on stdout when its socket listens. A session without a log waits to be made by `session.create`.
 */
export async function runHost(options: HostOptions): Promise<void> {
  const {home, sessionId, version, breadcrumbs, createTimeoutMs = 15_000, idleMs} = options
  const paths = sessionPaths(home, sessionId)
  const {sessions, run} = homePaths(home)
  for (const folder of [sessions, run]) mkdirSync(folder, {recursive: true, mode: 0o700})

  let lease
  try {
    // Long enough for the kernel to free the lock of a killed host; a living one is found by its socket.
    lease = takeLease(paths.lease, {waitMs: 500})
  } catch (error) {
    if (!(error instanceof LeaseHeldError)) throw error
    breadcrumbs.record('lease-held')
    process.exitCode = leaseHeldExitCode
    return
  }

  let opened: {session: Session; log: EventLog} | undefined
  let listener: SocketListener | undefined
  let isOver = false
  const shutdown = handleShutdown({
    breadcrumbs,
    onShutdown: async () => {
      await opened?.session.suspend('host-ended')
      await listener?.close()
      // A session that is closed, or was never made, is opened by nobody again: nobody can be waiting for its lease.
      const isLast = isOver || opened === undefined || opened.session.isClosed
      opened?.log.close()
      if (isLast) for (const file of [paths.lease, paths.stderr]) rmSync(file, {force: true})
      lease.release()
    },
  })

  const server = createSessionServer({
    sessionId,
    version,
    current: () => opened,
    create: (params) => {
      const created = createdOrEnd(params)
      const log = openSqliteLog({file: paths.log, sessionId, create: true})
      log.append([created], {durable: true})
      open(log, params)
    },
    onClosed: () => shutdown.begin({kind: 'requested', by: 'user', reason: 'session-closed'}),
  })

  /** A host whose session could not be made is of no use to anybody: it ends, once it has said why. */
  const createdOrEnd = (params: Params<'session.create'>) => {
    try {
      return createdEvent(params, Date.now())
    } catch (error) {
      setImmediate(() => shutdown.begin({kind: 'requested', by: 'parent', reason: 'never-created'}))
      throw error
    }
  }

  const open = (log: EventLog, {cols, rows}: {cols?: number | undefined; rows?: number | undefined} = {}) => {
    const {cwd, shell} = stateOf(log).info
    const size = {cols: cols ?? defaultSize.cols, rows: rows ?? defaultSize.rows}
    const session = createSession({
      log,
      agent: createShellAgent({cwd, path: shell, size}),
      onAppend: () => server.wake(),
      onNotSaved: () => server.tellNotSaved(),
      onActivity: () => server.tellActivity(),
      onFault,
    })
    opened = {session, log}
    watchIdleTimeout({
      isBusy: () => {
        requireCurrentWriter(log)
        return server.isWatched || session.state.running !== null || session.state.queue.length > 0
      },
      onIdle: () => shutdown.begin({kind: 'requested', reason: 'idle'}),
      idleMs,
    })
    // Stopped for long enough, it may have been taken for dead.
    process.on('SIGCONT', () => requireCurrentWriter(log))
  }

  const onFault = (error: unknown) => {
    if (!isReplaced(error)) throw error
    breadcrumbs.record('replaced')
    shutdown.begin({kind: 'requested', reason: 'replaced'})
  }

  const requireCurrentWriter = (log: EventLog) => {
    try {
      log.append([])
    } catch (error) {
      // Of any other fault nothing is lost yet: nothing was to be written.
      if (isReplaced(error)) onFault(error)
    }
  }

  const found = existsSync(paths.log) ? openOrRepairLog({file: paths.log, sessionId}) : undefined
  if (found?.repaired !== undefined) {
    const {kept, lost} = found.repaired
    breadcrumbs.record('log-repaired', {kept, lost})
  }
  const log = found?.log
  if (log?.state()?.closed != null) {
    isOver = true
    return shutdown.begin({kind: 'requested', by: 'user', reason: 'session-closed-before'})
  }
  // Before the session is opened: what waits in its queue begins then, and must not be lost to a socket that fails.
  listener = await listenSocket(paths.socket, (transport) => server.serve(transport), {replace: true})
  // A log without an event is left of a host that died while it made the session: the session was never there.
  if (log !== undefined && log.latestSeq > 0) open(log)
  else
    setTimeout(
      () => opened ?? shutdown.begin({kind: 'requested', by: 'parent', reason: 'never-created'}),
      createTimeoutMs,
    ).unref()

  breadcrumbs.record('ready')
  // Whoever started this host may be gone by now; it lives on for the next one.
  process.stdout.on('error', () => undefined)
  process.stdout.write('ready\n')
}

function stateOf(log: EventLog): SessionState {
  const state = log.state()
  if (state === undefined) throw new Error(`Expected the log of session ${log.sessionId} to begin with event 1`)
  return state
}
