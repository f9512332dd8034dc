import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {deleteLog, type EventLog, hasLog, openOrRepairLog, type OpenOptions} from '@holdfast/event-log'
import type {NewEvent} from '@holdfast/protocol'

export interface SessionLogFileOptions extends Required<Pick<OpenOptions, 'file' | 'sessionId' | 'lease'>> {
  breadcrumbs: Breadcrumbs
  /** The open log was repaired, or written back, which a note in it tells. */
  onRecovered: () => void
}

/** The file of the log of a session, of which this host is the only writer. */
export interface SessionLogFile {
  /** Opens the log, and repairs it where that is needed; `undefined` if there is none. */
  open(): EventLog | undefined
  /** Creates it. A log that cannot be created, as on a full disk, leaves no file behind. */
  create(created: readonly NewEvent[]): EventLog
}

export function createSessionLogFile({breadcrumbs, onRecovered, ...options}: SessionLogFileOptions): SessionLogFile {
  const open = ({create}: {create: boolean}) =>
    openOrRepairLog({
      ...options,
      create,
      onRecovered(recovery) {
        if (recovery.kind === 'gone') breadcrumbs.record('log-written-back')
        else breadcrumbs.record('log-repaired', {kept: recovery.kept, lost: recovery.lost})
        onRecovered()
      },
    })

  return {
    open() {
      if (!hasLog(options.file)) return undefined
      const {log, repaired} = open({create: false})
      if (repaired !== undefined) breadcrumbs.record('log-repaired', {kept: repaired.kept, lost: repaired.lost})
      return log
    },
    create(created) {
      let log: EventLog | undefined
      try {
        log = open({create: true}).log
        log.append(created, {durable: true})
        checkpoint(log)
        return log
      } catch (error) {
        log?.close()
        deleteLog(options.file)
        throw error
      }
    },
  }
}

/** Afterwards the session no longer depends on two files. SQLite does it by itself only after many commits. */
export function checkpoint(log: EventLog): void {
  try {
    log.checkpoint()
  } catch {
    // The next commit reports why.
  }
}
