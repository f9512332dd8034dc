export {claimFile, readClaimFile, writeClaimFile, type KnownClaim} from './home/claim-file.ts'
export {deleteLog} from './home/delete-log.ts'
export {
  EventLogError,
  isEventLogError,
  isReplaced,
  promptIdOf,
  type StartedPrompt,
  type StartedPromptRange,
  type EncodedEvent,
  type EventLog,
} from './event-log.ts'
export type {EventRange} from './event-range.ts'
export {explainNoRoom, findFullDisk} from './find-full-disk.ts'
export {
  heldElsewhereExitCode,
  homePaths,
  leaseHeldExitCode,
  sessionPaths,
  type HomePaths,
  type SessionPaths,
} from './home/home-paths.ts'
export {listLogs, type ListedLog} from './home/list-logs.ts'
export {eachSession, listSessions, type ListedSession} from './home/list-sessions.ts'
export {isLeaseHeldError, LeaseHeldError, takeLease, type Lease} from './lease.ts'
export type {RepairedLog} from './repair/repair-log.ts'
export {openOrRepairLog, type OpenedLog, type OpenOptions} from './repair/open-or-repair-log.ts'
export type {Recovery} from './repair/self-repairing-log.ts'
export {createShownLog, type ShownLog} from './shown-log.ts'
export {createMemoryLog, type MemoryLogOptions} from './memory-log.ts'
export {logFormat} from './sqlite/log-format.ts'
export {hasLog} from './sqlite/plain-files.ts'
export {openSqliteLog, type SqliteLogOptions} from './sqlite/sqlite-log.ts'
