import {mkdirSync, rmSync, writeFileSync} from 'node:fs'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {
  deleteLog,
  type EventLog,
  hasLog,
  homePaths,
  isReplaced,
  isLeaseHeldError,
  leaseHeldExitCode,
  openOrRepairLog,
  sessionPaths,
  takeLease,
} from '@holdfast/event-log'
import {maxPeerQueueBytes, maxUnfinishedBytes, maxUnreadBytes, type NewEvent} from '@holdfast/protocol'
import {preloadPty} from '@holdfast/shell'
import {closeInheritedDescriptors, handleShutdown, readBootId, refuseDebugger} from '@holdfast/supervisor'
import {preloadTerminal} from '@holdfast/terminal'
import {createReadBudget, createWriteBudget, listenSocket, type SocketListener} from '@holdfast/transport/socket'

import {boundSize} from './session/bound-size.ts'
import {createdEvents} from './session/created-events.ts'
import {firstFolder} from './session/first-folder.ts'
import {watchIdleTimeout} from './session/idle-timeout.ts'
import type {RecordedScreens} from './session/screen-recording.ts'
import {createSession, type Session} from './session/session.ts'
import {createSessionServer} from './server/session-server.ts'
import {loadOpenAgent, type OpenAgent} from './agent/open-agent.ts'
import type {AgentSetup} from './agent/acp/agent-setup.ts'
import type {AgentControl} from './agent/agent.ts'
import {sessionVariable} from './survivors.ts'

export interface HostOptions {
  home: string
  sessionId: string
  /** The program's version, for the greeting. */
  version: string
  breadcrumbs: Breadcrumbs
  /**
   * How to run a coding agent. Throws an error whose message is a sentence for the user if there is none of this name.
   * @default sessions have shells only
   */
  readAgent?: ((name: string) => AgentSetup) | undefined
  /** The host exits after this time without a running prompt and without a watching client, ms. The session stays. @default 86_400_000 (24 h) */
  idleMs?: number | undefined
  /** Which screens of programs are put into the log. */
  record?: RecordedScreens | undefined
}

/** How long a new host waits for `session.create`, ms. */
const createTimeoutMs = 15_000

/** How long after the last commit the log's WAL is moved to its file, ms. */
const checkpointAfterMs = 1000

/** How long a session for one command waits for it while nobody watches, ms. */
const unusedMs = 60_000

const defaultSize = {cols: 80, rows: 24}

/**
 * Runs the host of one session in this process, until the session is closed or the process gets a signal to end. Prints
 * `ready` on stdout once it listens on its socket. A host without a log waits for `session.create`.
 */
export async function runHost(options: HostOptions): Promise<void> {
  closeInheritedDescriptors()
  refuseDebugger()
  const {home, sessionId, version, breadcrumbs, readAgent, idleMs, record = {}} = options
  const paths = sessionPaths(home, sessionId)
  const {sessions, run} = homePaths(home)
  for (const folder of [sessions, run]) mkdirSync(folder, {recursive: true, mode: 0o700})

  let lease
  try {
    // The kernel needs a moment to free the lock of a killed host.
    lease = takeLease(paths.lease, {waitMs: 500})
  } catch (error) {
    if (!isLeaseHeldError(error)) throw error
    breadcrumbs.record('lease-held')
    process.exitCode = leaseHeldExitCode
    return
  }

  // An upgrade may remove the installed files while this process runs: it has read all that it needs before it is ready.
  await preloadTerminal()
  try {
    preloadPty()
  } catch {
    // The prompt that needs a shell reports it.
  }

  let opened: {session: Session; log: EventLog} | undefined
  let listener: SocketListener | undefined
  let wasClosedBefore = false
  const shutdown = handleShutdown({
    breadcrumbs,
    onShutdown: async (cause) => {
      await opened?.session.suspend('host-ended')
      await listener?.close()
      // What a program printed last for an attached terminal is nowhere else.
      await server.close()
      // No other host will open a session that is closed or was never created, so its lease file can go.
      const isLast = wasClosedBefore || opened === undefined || opened.session.isClosed
      opened?.log.close()
      // Another host has a restored home: these are its files.
      if (lease.isInPlace()) rmSync(paths.shells, {force: true, recursive: true})
      const isUnused = isLast || (cause.kind === 'requested' && cause.reason === 'idle')
      if (isUnused && lease.isInPlace()) rmSync(paths.boot, {force: true})
      if (isLast) rmSync(paths.lease, {force: true})
      // Of a host that fails, the gateway that started it still reads why.
      if (isLast && cause.kind !== 'uncaught') rmSync(paths.stderr, {force: true})
      lease.release()
    },
  })

  const onClosed = () => shutdown.begin({kind: 'requested', by: 'user', reason: 'session-closed'})
  const server = createSessionServer({
    sessionId,
    version,
    current: () => opened,
    create: async (params, by) => {
      const openAgent = await loadOpenAgent(params.agent ?? 'shell')
      // A client has repeated its request.
      if (opened !== undefined) return
      try {
        const log = createLog(createdEvents({...params, cwd: firstFolder(params.cwd)}, Date.now(), readAgent, by))
        open(log, openAgent, params)
      } catch (error) {
        // After the error was sent.
        setImmediate(() => shutdown.begin({kind: 'requested', by: 'parent', reason: 'never-created'}))
        throw error
      }
    },
    onClosed,
  })

  const openLog = ({create}: {create: boolean}) =>
    openOrRepairLog({
      file: paths.log,
      sessionId,
      create,
      lease,
      onRecovered(recovery) {
        if (recovery.kind === 'gone') breadcrumbs.record('log-written-back')
        else breadcrumbs.record('log-repaired', {kept: recovery.kept, lost: recovery.lost})
        server.wake()
      },
    })

  /** A log that cannot be created, as on a full disk, leaves no file behind. */
  const createLog = (created: readonly NewEvent[]) => {
    let log: EventLog | undefined
    try {
      log = openLog({create: true}).log
      log.append(created, {durable: true})
      checkpoint(log)
      return log
    } catch (error) {
      log?.close()
      deleteLog(paths.log)
      throw error
    }
  }

  const open = (
    log: EventLog,
    openAgent: OpenAgent,
    {cols, rows}: {cols?: number | undefined; rows?: number | undefined} = {},
  ) => {
    // What a host left that was killed.
    rmSync(paths.shells, {force: true, recursive: true})
    const size = boundSize({cols: cols ?? defaultSize.cols, rows: rows ?? defaultSize.rows})
    const checkpointing = setTimeout(() => checkpoint(log), checkpointAfterMs).unref()
    const env = {...log.state()!.info.env, [sessionVariable]: sessionId}
    const agent = openAgent({log, readAgent, version, size, temporary: paths.shells, env, breadcrumbs})
    agent.onPrompt?.((printed) => server.setPrompt(printed))
    const session = createSession({
      log,
      agent,
      size,
      record,
      onAppend() {
        server.wake()
        checkpointing.refresh()
      },
      onNotSaved: () => server.notifyNotSaved(),
      onActivity: () => server.notifyActivity(),
      onFault,
    })
    opened = {session, log}
    // Whoever watches the sessions may have connected before this one was created.
    server.wake()
    const isBusy = () => server.isWatched || session.state.running !== null || session.state.queue.length > 0
    if (agent.control !== undefined) hibernateWhenIdle(agent.control, isBusy)
    watchIdleTimeout({
      isBusy: () => {
        requireCurrentWriter(log)
        return isBusy()
      },
      onIdle: () => shutdown.begin({kind: 'requested', reason: 'idle'}),
      idleMs,
    })
    if (log.state()!.info.one_shot === true) {
      // Nobody may ask for the end: whoever made the session may be gone.
      void session.closed.then(() => setImmediate(onClosed))
      const isUsed = () => session.state.first_prompt !== undefined
      const close = () => void session.close('unused').catch(() => undefined)
      watchIdleTimeout({isBusy: () => server.isWatched || isUsed(), onIdle: close, idleMs: unusedMs})
    }
    // Another host may have replaced this one while it was stopped.
    process.on('SIGCONT', () => requireCurrentWriter(log))
  }

  const hibernateWhenIdle = (control: AgentControl, isBusy: () => boolean) => {
    const onIdle = () => {
      control.hibernate().catch(onFault)
      // It comes back with the next prompt, and may be idle again then.
      hibernateWhenIdle(control, isBusy)
    }
    watchIdleTimeout({isBusy, onIdle, idleMs: control.hibernateAfterMs})
  }

  /** Afterwards the session no longer depends on two files. SQLite does it by itself only after many commits. */
  const checkpoint = (log: EventLog) => {
    try {
      log.checkpoint()
    } catch {
      // The next commit reports why.
    }
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
      // Other faults do not matter here: there was nothing to write.
      if (isReplaced(error)) onFault(error)
    }
  }

  /** After a restart of the machine, whoever finds this file knows that the session was open. */
  const recordBoot = () => {
    try {
      writeFileSync(paths.boot, `${readBootId() ?? ''}\n`, {mode: 0o600})
    } catch {
      // Then nobody offers to open it again, as on a full disk.
    }
  }

  const found = hasLog(paths.log) ? openLog({create: false}) : undefined
  if (found?.repaired !== undefined) {
    const {kept, lost} = found.repaired
    breadcrumbs.record('log-repaired', {kept, lost})
  }
  const log = found?.log
  if (log?.state()?.closed != null) {
    wasClosedBefore = true
    return shutdown.begin({kind: 'requested', by: 'user', reason: 'session-closed-before'})
  }
  // A log without an event is left from a host that died before it had created the session.
  const name = log?.state()?.info.agent
  const openAgent = name === undefined ? undefined : await loadOpenAgent(name)
  // Listen before opening the session: that starts a waiting prompt, which a failing socket would interrupt.
  listener = await listenSocket(paths.socket, (transport) => server.serve(transport), {
    replace: true,
    maxQueuedBytes: maxPeerQueueBytes,
    readBudget: createReadBudget(maxUnfinishedBytes),
    writeBudget: createWriteBudget(maxUnreadBytes),
  })
  if (log !== undefined && openAgent !== undefined) open(log, openAgent)
  else
    setTimeout(
      () => opened ?? shutdown.begin({kind: 'requested', by: 'parent', reason: 'never-created'}),
      createTimeoutMs,
    ).unref()

  recordBoot()
  breadcrumbs.record('ready')
  // The gateway that started this host may be gone; the host stays for the next one.
  process.stdout.on('error', () => undefined)
  process.stdout.write('ready\n')
}
