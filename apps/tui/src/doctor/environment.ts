import type {EventLogError} from '@holdfast/event-log'
import type {Survivor} from '@holdfast/host'

import type {CodeCacheFolder} from '../process/code-cache.ts'
import type {HomeFault} from '../process/prepare-home.ts'

/** The system as `holdfast doctor` found it, without changing it. */
export interface Environment {
  version: string
  node: string
  platform: string
  home: {
    path: string
    /** `missing` is no problem: it is created when it is needed. */
    state: 'writable' | 'missing' | 'not-writable' | 'not-a-folder'
    /** Missing where the system does not report it. */
    freeBytes?: number
    /** How many more files its disk has room for; missing where the file system reports no such bound. */
    freeFiles?: number
    isOpenToOthers: boolean
    /** Why all other commands refuse the home. */
    fault?: HomeFault
    /** The home, or a folder above it, if the members of its group can write to it. */
    openToGroup?: string
    /** Of the longest path of a socket in it. */
    socketPathBytes: number
    isOnNetwork: boolean
  }
  codeCache: CodeCacheFolder
  /** Why other users can change the code that Node caches. */
  nodeCacheFault?: string
  shell: {
    /** `$SHELL`. */
    login: string | undefined
    /** The shell of new sessions; missing where none was found. */
    used: string | undefined
  }
  hosts: readonly HostStatus[]
  /** Sockets without a running host: `closed` after a kill, else served by a process that is not one of our hosts. */
  sockets: readonly {session: string; state: SocketState}[]
  orphans: readonly Orphan[]
  /** Programs of sessions that outlived their shell, as daemons do. Linux only. */
  survivors: readonly Survivor[]
  /** Sessions whose log cannot be read. */
  unreadable: readonly {session: string; code: EventLogError['code']; reason: string}[]
}

export type SocketState = 'responsive' | 'unresponsive' | 'closed'

export interface HostStatus {
  session: string
  pid: number
  /** Epoch ms. */
  startedAt: number
  socket: SocketState
  /** Of the program that it runs, which may be older than this one; missing when it sent none. */
  version?: string
  /** Why this program cannot talk to it. */
  mismatch?: string
}

/** A gateway whose client has exited, or a host without an open session. */
export interface Orphan {
  role: string
  pid: number
  reason: 'parent-exited' | 'session-closed' | 'session-missing'
}
