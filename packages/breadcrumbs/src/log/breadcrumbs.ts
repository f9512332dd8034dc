import {appendLine} from './append-line.ts'
import type {Breadcrumb, Fact} from './breadcrumb.ts'
import {encodeBreadcrumb} from './encode-breadcrumb.ts'
import {createRateLimit, type RateLimit} from './rate-limit.ts'
import {maskSecrets} from '../stderr/find-secrets.ts'

export interface BreadcrumbsOptions {
  /** The crash log. Its folder is created when it is missing. */
  file: string
  /** The part that this process plays, such as `gateway`. */
  role: string
  session?: string
  /** How many times the process of this role was started. */
  generation?: number
  /** The time, in epoch ms. @default Date.now */
  now?: () => number
  /** A file that would become larger is moved to `<file>.1`, in bytes. @default 1_048_576 */
  maxBytes?: number
  /** Lines of one event that this process writes in a minute; the next line says how many were left out. @default 60 */
  linesPerMinute?: number
  /** Breadcrumbs kept in memory, the last ones of this process. @default 200 */
  tailLength?: number
}

export interface Breadcrumbs {
  /**
   * Appends one line. Best effort: whatever fails, it neither throws nor waits for another process.
   * Facts are scalars by name; `undefined` ones are left out. No prompt text, no tokens, no environment.
   */
  record(event: string, facts?: Readonly<Record<string, Fact | undefined>>): void
  /** The same log with other fields. Both share the rate limit and the tail. */
  with(fields: {role?: string; session?: string; generation?: number}): Breadcrumbs
  /** The last breadcrumbs of this process, oldest first, even those that could not be written. */
  tail(): readonly Breadcrumb[]
}

/** Opens a crash log that many processes may share. Writes nothing before the first `record`. */
export function createBreadcrumbs(options: BreadcrumbsOptions): Breadcrumbs {
  return createWriter(options, createRateLimit(options.linesPerMinute ?? 60), [])
}

export const noBreadcrumbs: Breadcrumbs = {
  record() {},
  with: () => noBreadcrumbs,
  tail: () => [],
}

function createWriter(options: BreadcrumbsOptions, limit: RateLimit, tail: Breadcrumb[]): Breadcrumbs {
  const {file, role, session, generation, now = Date.now, maxBytes = 1_048_576, tailLength = 200} = options
  return {
    record(event, facts = {}) {
      try {
        const at = now()
        const {isAllowed, suppressed} = limit.take(event, at)
        if (!isAllowed) return
        const breadcrumb: Breadcrumb = {
          time: new Date(at).toISOString(),
          role,
          pid: process.pid,
          generation,
          session,
          event,
          facts: toRecord({...facts, ...(suppressed > 0 && {suppressed})}),
        }
        tail.push(breadcrumb)
        if (tail.length > tailLength) tail.shift()
        appendLine(file, encodeBreadcrumb(breadcrumb), maxBytes)
      } catch {
        // A full disk or a read-only home must not stop the program.
      }
    },
    with: (fields) => createWriter({...options, ...fields}, limit, tail),
    tail: () => [...tail],
  }
}

/** Masks secrets before a line is cut: a reason may be a text of the peer. */
function toRecord(facts: Readonly<Record<string, Fact | undefined>>): Record<string, Fact> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, fact]) =>
      fact === undefined ? [] : [[name, typeof fact === 'string' ? maskSecrets(fact) : fact]],
    ),
  )
}
