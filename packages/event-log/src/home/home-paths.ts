/** The paths below one home. The home must be on a local disk: SQLite's locks and Unix sockets need one. */
export interface HomePaths {
  home: string
  /** Folder of the logs: one SQLite file per session. */
  sessions: string
  /** Folder of the sockets, leases, stderr files and PID files. */
  run: string
  crashLog: string
}

export interface SessionPaths {
  log: string
  /** The host listens here. The system limits the path of a socket to 104 bytes, so the file name is short. */
  socket: string
  /** The host locks this file while it lives. Only the owner of the lock may write the log. */
  lease: string
  stderr: string
  /** Folder of the files of the shells' hooks. */
  shells: string
  /** The boot id of the machine when the host started. The host removes it when it ends because of the session. */
  boot: string
}

/** The paths below `home`. Touches no file. */
export function homePaths(home: string): HomePaths {
  return {home, sessions: `${home}/sessions`, run: `${home}/run`, crashLog: `${home}/logs/crash.log`}
}

/** The paths of the session `sessionId` below `home`. Touches no file. */
export function sessionPaths(home: string, sessionId: string): SessionPaths {
  const {sessions, run} = homePaths(home)
  return {
    log: `${sessions}/${sessionId}.db`,
    socket: `${run}/${sessionId}.sock`,
    lease: `${run}/${sessionId}.lock`,
    stderr: `${run}/${sessionId}.stderr`,
    shells: `${run}/${sessionId}.shells`,
    boot: `${run}/${sessionId}.boot`,
  }
}

/**
 * The exit code of a host that could not take the lease of its session because another host has it. The gateway that
 * started it then connects to the socket of the other host.
 */
export const leaseHeldExitCode = 75

/**
 * The exit code of a host that found that another machine of the fleet holds its session. The gateway that started it then looks
 * for that machine.
 */
export const heldElsewhereExitCode = 76
