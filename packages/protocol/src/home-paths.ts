/** Where a home keeps what. All paths are below `home`, local disks only. */
export interface HomePaths {
  home: string
  /** One SQLite file a session. */
  sessions: string
  /** Sockets, locks, stderr of hosts. */
  run: string
  crashLog: string
}

export interface SessionPaths {
  log: string
  /** A socket's path may have 104 bytes, so the name is short. */
  socket: string
  /** Held by the host for life: whoever holds it is the only one who writes the log. */
  lease: string
  stderr: string
}

/** The files of a home. Names only; nothing is made. */
export function homePaths(home: string): HomePaths {
  return {home, sessions: `${home}/sessions`, run: `${home}/run`, crashLog: `${home}/logs/crash.log`}
}

/** The files of one session. Names only; nothing is made. */
export function sessionPaths(home: string, sessionId: string): SessionPaths {
  const {sessions, run} = homePaths(home)
  return {
    log: `${sessions}/${sessionId}.db`,
    socket: `${run}/${sessionId}.sock`,
    lease: `${run}/${sessionId}.lock`,
    stderr: `${run}/${sessionId}.stderr`,
  }
}

/** The exit code of a host that found its session held by another one: whoever started it looks for that one's socket. */
export const leaseHeldExitCode = 75
