import type {Fact} from './breadcrumb.ts'
import {appendLine} from './append-line.ts'
import {formatBreadcrumb} from './format-breadcrumb.ts'
import {createRateLimit, type RateLimit} from './rate-limit.ts'

export interface BreadcrumbsOptions {
  /** Where the lines go. Its folder is made when it is missing. */
  file: string
  /** Which program writes, such as `gateway`. */
  who: string
  session?: string
  /** Which life of the program writes. */
  generation?: number
  /** The time, in epoch ms. @default Date.now */
  now?: () => number
  /** Size at which the file moves to `<file>.1`, in bytes. @default 1_048_576 */
  maxBytes?: number
  /** Lines of one kind that this process writes in a minute; the next one that it may write tells how many it left out. @default 60 */
  linesPerMinute?: number
  /** Lines kept in memory, the last ones. @default 200 */
  tailLines?: number
}

export interface Breadcrumbs {
  /**
   * Appends one line. Best effort: whatever fails, it neither throws nor waits for another process.
   * Facts are scalars by name, `undefined` ones are left out. No prompt text, no tokens, no environment.
   */
  record(what: string, facts?: Readonly<Record<string, Fact | undefined>>): void
  /** The same log, with these fields from now on. */
  with(fields: {who?: string; session?: string; generation?: number}): Breadcrumbs
  /** The last lines of this process, oldest first, also those that could not be written. */
  tail(): readonly string[]
}

/** A log of lives and deaths that many processes share. Nothing is written before the first `record`. */
export function createBreadcrumbs(options: BreadcrumbsOptions): Breadcrumbs {
  const {linesPerMinute = 60, tailLines = 200} = options
  return writerOf(options, {tail: createTail(tailLines), limit: createRateLimit(linesPerMinute)})
}

/** Keeps nothing. */
export const noBreadcrumbs: Breadcrumbs = {
  record() {},
  with: () => noBreadcrumbs,
  tail: () => [],
}

/** What all writers of one process share. */
interface Shared {
  tail: Tail
  limit: RateLimit
}

function writerOf(options: BreadcrumbsOptions, shared: Shared): Breadcrumbs {
  const {file, who, session, generation, now = Date.now, maxBytes = 1_048_576} = options
  return {
    record(what, facts = {}) {
      try {
        const at = now()
        const {isAllowed, suppressed} = shared.limit.take(what, at)
        if (!isAllowed) return
        const line = formatBreadcrumb({
          at,
          who,
          pid: process.pid,
          ...(generation !== undefined && {generation}),
          ...(session !== undefined && {session}),
          what,
          facts: withoutUndefined({...facts, ...(suppressed > 0 && {suppressed})}),
        })
        shared.tail.add(line)
        appendLine(file, line, maxBytes)
      } catch {
        // A full disk or a read-only home must not hurt what is worth logging.
      }
    },
    with: (fields) => writerOf({...options, ...fields}, shared),
    tail: () => shared.tail.lines(),
  }
}

interface Tail {
  add(line: string): void
  lines(): readonly string[]
}

function createTail(maxLines: number): Tail {
  let kept: string[] = []
  return {
    add(line) {
      kept.push(line)
      // Not at each line, so that a flood costs no copy each.
      if (kept.length >= 2 * maxLines) kept = lastOf(kept)
    },
    lines: () => lastOf(kept),
  }

  function lastOf(lines: string[]): string[] {
    return lines.slice(Math.max(0, lines.length - maxLines))
  }
}

function withoutUndefined(facts: Readonly<Record<string, Fact | undefined>>): Record<string, Fact> {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, Fact] => entry[1] !== undefined))
}
