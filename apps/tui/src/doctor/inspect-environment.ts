import {readdirSync} from 'node:fs'

import {homePaths, type ListedSession, listSessions, sessionPaths} from '@holdfast/event-log'
import {findShell, findSurvivors} from '@holdfast/host'
import {identifyProcess, readPidFiles, type PidFile} from '@holdfast/supervisor'

import {findCodeCacheFolder, findNodeCacheFault} from '../process/code-cache.ts'
import {findHome} from '../process/find-home.ts'
import {version} from '../process/version.ts'
import {probeSocket} from './probe-socket.ts'
import type {Environment, HostStatus, Orphan} from './environment.ts'
import {inspectHome} from './inspect-home.ts'

/**
 * Inspects the system, the home and the processes of Holdfast. Starts nothing and changes nothing. It opens no file in a home
 * that is refused: there, another user may have put a file that never ends, or a FIFO that blocks.
 */
export async function inspectEnvironment(path: string): Promise<Environment> {
  const home = inspectHome(path)
  const isRefused = home.fault !== undefined
  const pidFiles = isRefused ? [] : readPidFiles(homePaths(path).run)
  const sessions = isRefused ? [] : orElse<readonly ListedSession[]>([], () => listSessions(homePaths(path).sessions))
  const hosts = await Promise.all(
    pidFiles.flatMap((file) =>
      file.role === 'host' && file.session !== undefined ? [inspectHost(path, file, file.session)] : [],
    ),
  )
  const hosted = new Set(hosts.map(({session}) => session))
  const sockets = (isRefused ? [] : socketsOf(path)).filter((session) => !hosted.has(session))
  const nodeCacheFault = findNodeCacheFault()
  return {
    version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    home,
    codeCache: findCodeCacheFolder(),
    ...(nodeCacheFault !== undefined && {nodeCacheFault}),
    shell: {login: process.env['SHELL'], used: orElse(undefined, () => findShell(undefined, process.env))},
    hosts,
    sockets: await Promise.all(
      sockets.map(async (session) => ({
        session,
        state: (await probeSocket(sessionPaths(path, session).socket)).socket,
      })),
    ),
    orphans: [...orphanedGateways(pidFiles), ...hosts.flatMap((host) => orphanedHost(host, sessions))],
    survivors: findSurvivors({
      hosts: hosts.map(({pid}) => pid),
      isOfHome: (environment) => findHome(environment) === path,
    }),
    unreadable: sessions.flatMap((one) =>
      'error' in one ? [{session: one.id, code: one.error.code, reason: one.error.message}] : [],
    ),
  }
}

async function inspectHost(home: string, {process: {pid}, startedAt}: PidFile, session: string): Promise<HostStatus> {
  return {session, pid, startedAt, ...(await probeSocket(sessionPaths(home, session).socket))}
}

/** A gateway serves the process that started it. */
function orphanedGateways(pidFiles: readonly PidFile[]): Orphan[] {
  return pidFiles
    .filter(({role, parentPid}) => role === 'gateway' && identifyProcess(parentPid) === undefined)
    .map(({role, process: {pid}}) => ({role, pid, reason: 'parent-exited'}))
}

/** How long a new host may wait for the request that creates its session, ms. */
const createWithinMs = 20_000

function orphanedHost({session, pid, startedAt}: HostStatus, sessions: readonly ListedSession[]): Orphan[] {
  const known = sessions.find(({id}) => id === session)
  if (known === undefined) {
    return Date.now() - startedAt < createWithinMs ? [] : [{role: 'host', pid, reason: 'session-missing'}]
  }
  return 'state' in known && known.state.closed !== null ? [{role: 'host', pid, reason: 'session-closed'}] : []
}

function socketsOf(home: string): string[] {
  const names = orElse([], () => readdirSync(homePaths(home).run))
  return names.filter((name) => name.endsWith('.sock')).map((name) => name.slice(0, -'.sock'.length))
}

/** Missing folders, files and shells are no error of an inspection. */
function orElse<Value>(fallback: Value, inspect: () => Value): Value {
  try {
    return inspect()
  } catch {
    return fallback
  }
}
