/** What Holdfast stands on here, as far as it can be seen without changing anything. */
export interface Environment {
  version: string
  node: string
  platform: string
  home: {
    path: string
    /** `missing`: it is made when it is needed. */
    state: 'writable' | 'missing' | 'not-writable' | 'not-a-folder'
    /** Missing where the system does not tell. */
    freeBytes?: number
    /** Others may look into it. */
    isOpenToOthers: boolean
    /** Of the longest path of a socket in it. */
    socketPathBytes: number
    isOnNetwork: boolean
  }
  shell: {
    /** `$SHELL`. */
    login: string | undefined
    /** The one that a new session gets; missing where none is found. */
    used: string | undefined
  }
  hosts: readonly HostSeen[]
  /** Sockets of hosts without a living host: `nobody` listens, as after a kill; or somebody does who left no mark. */
  sockets: readonly {session: string; state: SocketState}[]
  strays: readonly Stray[]
  /** Sessions whose log cannot be read. */
  unreadable: readonly {session: string; why: string}[]
}

export type SocketState = 'answers' | 'deaf' | 'nobody'

export interface HostSeen {
  session: string
  pid: number
  /** Epoch ms. */
  since: number
  socket: SocketState
  /** Of the program that it runs, which may be older than this one; missing when it did not say. */
  version?: string
  /** Why this program cannot talk to it. */
  mismatch?: string
}

/** A process of ours that serves nobody. */
export interface Stray {
  who: string
  pid: number
  why: 'parent-gone' | 'session-closed' | 'session-gone'
}
