export {deleteLog} from './delete-log.ts'
export {
  EventLogError,
  isReplaced,
  type BegunPrompt,
  type BegunRange,
  type EncodedEvent,
  type EventLog,
} from './event-log.ts'
export type {EventRange} from './event-range.ts'
export {homePaths, leaseHeldExitCode, sessionPaths, type HomePaths, type SessionPaths} from './home-paths.ts'
export {listLogs, type ListedLog} from './list-logs.ts'
export {listSessions, type ListedSession} from './list-sessions.ts'
export {LeaseHeldError, takeLease, type Lease} from './lease.ts'
export type {MendedLog} from './mend-log.ts'
export {openSoundLog, type SoundLog} from './open-sound-log.ts'
export {createMemoryLog, type MemoryLogOptions} from './memory-log.ts'
export {logFormat} from './log-format.ts'
export {createLineSearch, type LineSearch, type SearchHit} from './search-lines.ts'
export {openSqliteLog, type SqliteLogOptions} from './sqlite-log.ts'
