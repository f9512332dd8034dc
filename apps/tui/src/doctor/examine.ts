import {accessSync, constants, readdirSync, statfsSync, statSync} from 'node:fs'
import {connect} from 'node:net'
import {dirname} from 'node:path'

import {identifyProcess, readRunning, type RunningMark} from '@holdfast/breadcrumbs'
import {listSessions, type ListedSession} from '@holdfast/event-log'
import {findShell} from '@holdfast/host'
import {createSessionId, homePaths, sessionPaths} from '@holdfast/protocol'

import {version} from '../version.ts'
import type {Environment, HostSeen, SocketState, Stray} from './environment.ts'

/** How long a host may take to greet, ms. */
const greetWithinMs = 1000

/** File systems whose locks cannot be relied on: NFS, SMB and CIFS, 9P, FUSE's sshfs. https://man7.org/linux/man-pages/man2/statfs.2.html */
const networkTypes: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997])

/** Looks at what Holdfast stands on here. Starts nothing, and changes nothing. */
export async function examine(path: string): Promise<Environment> {
  const marks = readRunning(homePaths(path).run)
  const sessions = readSessions(path)
  const hosts = await Promise.all(
    marks.flatMap((mark) =>
      mark.who === 'host' && mark.session !== undefined ? [seeHost(path, mark, mark.session)] : [],
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
      sockets.map(async (session) => ({session, state: await askSocket(sessionPaths(path, session).socket)})),
    ),
    strays: [...straysAmong(marks), ...hosts.flatMap((host) => strayHost(host, sessions))],
    unreadable: sessions.flatMap((one) => ('error' in one ? [{session: one.id, why: one.error.message}] : [])),
  }
}

async function seeHost(home: string, {process: {pid}, at}: RunningMark, session: string): Promise<HostSeen> {
  return {session, pid, since: at, socket: await askSocket(sessionPaths(home, session).socket)}
}

/** A gateway serves the one who started it. */
function straysAmong(marks: readonly RunningMark[]): Stray[] {
  return marks
    .filter(({who, parentPid}) => who === 'gateway' && identifyProcess(parentPid) === undefined)
    .map(({who, process: {pid}}) => ({who, pid, why: 'parent-gone'}))
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

function seeHome(path: string): Environment['home'] {
  const socketPathBytes = Buffer.byteLength(sessionPaths(path, createSessionId()).socket)
  const stat = statSync(path, {throwIfNoEntry: false})
  const files = fileSystemOf(path)
  return {
    path,
    state:
      stat === undefined
        ? 'missing'
        : !stat.isDirectory()
          ? 'not-a-folder'
          : isWritable(path)
            ? 'writable'
            : 'not-writable',
    ...(files && {freeBytes: files.bavail * files.bsize}),
    isOpenToOthers: stat?.isDirectory() === true && (stat.mode & 0o077) !== 0,
    socketPathBytes,
    isOnNetwork: process.platform === 'linux' && networkTypes.has((files?.type ?? 0) >>> 0),
  }
}

/** Of the nearest folder that is there. */
function fileSystemOf(path: string) {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      return statfsSync(folder)
    } catch {
      if (folder === dirname(folder)) return undefined
    }
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
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

/** Whether somebody listens at a socket, and greets: a host that is stopped does not. */
function askSocket(path: string): Promise<SocketState> {
  return new Promise((resolve) => {
    const socket = connect({path})
    const say = (state: SocketState) => {
      socket.destroy()
      resolve(state)
    }
    socket.setTimeout(greetWithinMs, () => say('deaf'))
    socket.once('data', () => say('answers'))
    socket.once('error', () => say('nobody'))
    socket.once('end', () => say('nobody'))
  })
}
