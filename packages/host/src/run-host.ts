import {mkdirSync, rmSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {
  createShownLog,
  type EventLog,
  homePaths,
  isReplaced,
  isLeaseHeldError,
  leaseHeldExitCode,
  sessionPaths,
  takeLease,
} from '@holdfast/event-log'
import {maxPeerQueueBytes, maxUnfinishedBytes, maxUnreadBytes} from '@holdfast/protocol'
import {preloadPty} from '@holdfast/shell'
import {closeInheritedDescriptors, graces, handleShutdown, refuseDebugger} from '@holdfast/supervisor'
import {preloadTerminal} from '@holdfast/terminal'
import {createReadBudget, createWriteBudget, listenSocket, type SocketListener} from '@holdfast/transport/socket'

import type {FleetMembership} from './fleet/session-claim.ts'
import {boundSize} from './session/bound-size.ts'
import {createdEvents} from './session/created-events.ts'
import {firstFolder} from './session/first-folder.ts'
import {watchIdleTimeout} from './session/idle-timeout.ts'
import type {RecordedScreens} from './session/screen-recording.ts'
import {checkpoint, createSessionLogFile} from './session/session-log-file.ts'
import {createSession} from './session/create-session.ts'
import type {Session} from './session/session.ts'
import {createSessionServer, type ServedSession} from './server/session-server.ts'
import {loadOpenAgent, type OpenAgent} from './agent/open-agent.ts'
import type {AgentSetup} from './agent/acp/agent-setup.ts'
import {hibernateWhenIdle} from './session/hibernate-when-idle.ts'
import {recordBoot} from './session/record-boot.ts'
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
  /** The fleet that this machine belongs to. @default none */
  fleet?: FleetMembership | undefined
}

/** How long a new host waits for `session.create`, ms. */
const createTimeoutMs = 15_000

/** The same once nobody is connected any more, ms: somebody may look at the host before the gateway that started it connects. */
const abandonedMs = 1000

/** How long after the last commit the log's WAL is moved to its file, ms. */
const checkpointAfterMs = 1000

/** How long a session for one command waits for it while nobody watches, ms. */
const unusedMs = 60_000

const dayMs = 86_400_000

/** Why a host ends that no session of this home needs. */
const unusedReasons: ReadonlySet<string> = new Set(['idle', 'fenced', 'deleted', 'diverged', 'held-elsewhere'])

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
  const inFleet = options.fleet && (await import('./fleet/index.ts'))

  /** `served`: what clients see. */
  let opened: {session: Session; log: EventLog; served: ServedSession} | undefined
  let listener: SocketListener | undefined
  let wasClosedBefore = false
  /** That of a host that may not run its session. */
  let exitCode: number | undefined
  const shutdown = handleShutdown({
    breadcrumbs,
    exit: (code) => process.exit(exitCode ?? code),
    onShutdown: async (cause) => {
      await opened?.session.suspend('host-ended')
      await listener?.close()
      // What a program printed last for an attached terminal is nowhere else.
      await Promise.all([server.close(), fleet?.close(graces.host.drainMs)])
      // No other host will open a session that is closed or was never created, so its lease file can go.
      const isLast = wasClosedBefore || (opened?.session.isClosed ?? exitCode === undefined)
      opened?.log.close()
      // Another host has a restored home: these are its files.
      if (lease.isInPlace()) rmSync(paths.shells, {force: true, recursive: true})
      const isUnused = isLast || (cause.kind === 'requested' && unusedReasons.has(cause.reason))
      if (isUnused && lease.isInPlace()) rmSync(paths.boot, {force: true})
      if (isLast) rmSync(paths.lease, {force: true})
      // Of a host that fails, the gateway that started it still reads why.
      if (isLast && cause.kind !== 'uncaught') rmSync(paths.stderr, {force: true})
      lease.release()
    },
  })

  const endClosed = () => shutdown.begin({kind: 'requested', by: 'user', reason: 'session-closed'})
  const onClosed = () => {
    if (fleet === undefined) return endClosed()
    // Nobody would start another host for a closed session, to ship its end.
    const late = delay(idleMs ?? dayMs, undefined, {ref: false})
    void Promise.race([fleet.finish(), late]).then(endClosed, endClosed)
  }
  const server = createSessionServer({
    sessionId,
    version,
    current: () => opened?.served,
    replicated: inFleet && {replication: () => fleet?.replication, latestSeq: () => opened?.log.latestSeq ?? 0},
    create: async (params, by) => {
      const openAgent = await loadOpenAgent(params.agent ?? 'shell')
      // A client has repeated its request.
      if (opened !== undefined) return
      try {
        const created = createdEvents({...params, cwd: firstFolder(params.cwd)}, Date.now(), readAgent, by)
        if (inFleet !== undefined) await fleet?.create(inFleet.labelsFor(params.agent))
        if (!isOpen()) open(file.create(created), openAgent, params)
      } catch (error) {
        // After the error was sent.
        setImmediate(() => shutdown.begin({kind: 'requested', by: 'parent', reason: 'never-created'}))
        throw error
      }
    },
    onClosed,
    onAllLeft: () => endIfAbandoned(),
  })

  const endUncreated = () => opened ?? shutdown.begin({kind: 'requested', by: 'parent', reason: 'never-created'})
  const endIfAbandoned = () => {
    if (opened === undefined) setTimeout(() => server.hasPeers || endUncreated(), abandonedMs).unref()
  }

  const isOpen = () => opened !== undefined

  const bounds = {
    maxQueuedBytes: maxPeerQueueBytes,
    readBudget: createReadBudget(maxUnfinishedBytes),
    writeBudget: createWriteBudget(maxUnreadBytes),
  }
  const fleet = inFleet?.createSessionFleet({
    membership: options.fleet!,
    sessionId,
    log: paths.log,
    breadcrumbs,
    serve: (transport) => server.serve(transport, {isElsewhere: true}),
    bounds,
    onAdvance: () => server.wake(),
    onProblem(isBehind) {
      opened?.session.awaitCluster(isBehind)
      if (isBehind) server.notifyNotSaved()
    },
    onEnd(reason) {
      // What happens here from now on does not happen to the session.
      void Promise.all([listener?.close(), server.close()])
      shutdown.begin({kind: 'requested', reason})
    },
  })

  const file = createSessionLogFile({
    file: paths.log,
    sessionId,
    lease,
    breadcrumbs,
    onRecovered: () => server.wake(),
  })

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
    const replication = fleet?.replication
    const session = createSession({
      log,
      agent,
      size,
      record,
      replication,
      onAppend() {
        server.wake()
        fleet?.wake()
        checkpointing.refresh()
      },
      onNotSaved: () => server.notifyNotSaved(),
      onActivity: () => server.notifyActivity(),
      onFault,
    })
    const shared = fleet && {log: createShownLog(log, () => fleet.replicatedSeq), begun: () => fleet.replicated(1)}
    opened = {session, log, served: {session, log: replication === undefined ? log : shared!.log, shared}}
    fleet?.ship(log)
    // Whoever watches the sessions may have connected before this one was created.
    server.wake()
    const isBusy = () => server.isWatched || session.state.running !== null || session.state.queue.length > 0
    if (agent.control !== undefined) hibernateWhenIdle(agent.control, {isBusy, onFault})
    watchIdleTimeout({
      isBusy: () => {
        requireCurrentWriter(log)
        return isBusy() || fleet?.isBehind === true
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

  let log = file.open()
  const wasClosed = log?.state()?.closed != null
  if (inFleet !== undefined && fleet !== undefined && (!wasClosed || fleet.isUnfinished)) {
    const started = await inFleet.startInFleet(fleet, log, file)
    if (started.kind === 'end') {
      exitCode = started.exitCode
      if (started.message !== undefined) process.stderr.write(`holdfast: ${started.message}\n`)
      return shutdown.begin({kind: 'requested', reason: started.reason})
    }
    log = started.log
  }
  if (log?.state()?.closed != null) {
    wasClosedBefore = true
    await fleet?.finishStored(log)
    return shutdown.begin({kind: 'requested', by: 'user', reason: 'session-closed-before'})
  }
  // A log without an event is left from a host that died before it had created the session.
  const name = log?.state()?.info.agent
  const openAgent = name === undefined ? undefined : await loadOpenAgent(name)
  // Listen before opening the session: that starts a waiting prompt, which a failing socket would interrupt.
  listener = await listenSocket(paths.socket, (transport) => server.serve(transport), {
    replace: true,
    ...bounds,
  })
  if (log !== undefined && openAgent !== undefined) open(log, openAgent)
  else setTimeout(endUncreated, createTimeoutMs).unref()

  await fleet?.listening()
  recordBoot(paths.boot)
  breadcrumbs.record('ready')
  // The gateway that started this host may be gone; the host stays for the next one.
  process.stdout.on('error', endIfAbandoned)
  process.stdout.write('ready\n')
}
