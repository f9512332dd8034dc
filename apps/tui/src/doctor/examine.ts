import {readdirSync} from 'node:fs'

import {homePaths, type ListedSession, listSessions, sessionPaths} from '@holdfast/event-log'
import {findShell} from '@holdfast/host'
import {identifyProcess, readPidFiles, type PidFile} from '@holdfast/supervisor'

import {version} from '../process/version.ts'
import {askSocket} from './ask-socket.ts'
import type {Environment, HostSeen, Stray} from './environment.ts'
import {seeHome} from './see-home.ts'

/** Looks at what Holdfast stands on here. Starts nothing, and changes nothing. */
export async function examine(path: string): Promise<Environment> {
  const pidFiles = readPidFiles(homePaths(path).run)
  const sessions = readSessions(path)
  const hosts = await Promise.all(
    pidFiles.flatMap((file) =>
      file.role === 'host' && file.session !== undefined ? [seeHost(path, file, file.session)] : [],
    ),
  )
  const hosted = new Set(hosts.map(({session}) => session))
  const sockets = socketsOf(path).filter((session) => !hosted.has(session))
  return {
    version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    home: seeHome(path),
    shell: {login: process.env['SHELL'], used: usedShell()},
    hosts,
    sockets: await Promise.all(
      sockets.map(async (session) => ({session, state: (await askSocket(sessionPaths(path, session).socket)).socket})),
    ),
    strays: [...straysAmong(pidFiles), ...hosts.flatMap((host) => strayHost(host, sessions))],
    unreadable: sessions.flatMap((one) => ('error' in one ? [{session: one.id, why: one.error.message}] : [])),
  }
}

async function seeHost(home: string, {process: {pid}, startedAt}: PidFile, session: string): Promise<HostSeen> {
  return {session, pid, since: startedAt, ...(await askSocket(sessionPaths(home, session).socket))}
}

/** A gateway serves the one who started it. */
function straysAmong(pidFiles: readonly PidFile[]): Stray[] {
  return pidFiles
    .filter(({role, parentPid}) => role === 'gateway' && identifyProcess(parentPid) === undefined)
    .map(({role, process: {pid}}) => ({who: role, pid, why: 'parent-gone'}))
}

/** How long a host may wait to be told what session to make, ms. */
const createWithinMs = 20_000

function strayHost({session, pid, since}: HostSeen, sessions: readonly ListedSession[]): Stray[] {
  const known = sessions.find(({id}) => id === session)
  if (known === undefined) {
    return Date.now() - since < createWithinMs ? [] : [{who: 'host', pid, why: 'session-gone'}]
  }
  return 'state' in known && known.state.closed !== null ? [{who: 'host', pid, why: 'session-closed'}] : []
}

function usedShell(): string | undefined {
  try {
    return findShell(undefined, process.env)
  } catch {
    return undefined
  }
}

function readSessions(home: string): readonly ListedSession[] {
  try {
    return listSessions(homePaths(home).sessions)
  } catch {
    return []
  }
}

function socketsOf(home: string): string[] {
  try {
    const names = readdirSync(homePaths(home).run)
    return names.filter((name) => name.endsWith('.sock')).map((name) => name.slice(0, -'.sock'.length))
  } catch {
    return []
  }
}
