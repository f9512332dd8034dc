import type {Fact} from './breadcrumb.ts'
import {appendLine} from './append-line.ts'
import {formatBreadcrumb} from './format-breadcrumb.ts'

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
}

export interface Breadcrumbs {
  /**
   * Appends one line. Best effort: whatever fails, it neither throws nor waits for another process.
   * Facts are scalars by name, `undefined` ones are left out. No prompt text, no tokens, no environment.
   */
  record(what: string, facts?: Readonly<Record<string, Fact | undefined>>): void
  /** The same log, with these fields from now on. */
  with(fields: {who?: string; session?: string; generation?: number}): Breadcrumbs
}

/** A log of lives and deaths that many processes share. Nothing is written before the first `record`. */
export function createBreadcrumbs(options: BreadcrumbsOptions): Breadcrumbs {
  const {file, who, session, generation, now = Date.now, maxBytes = 1_048_576} = options
  return {
    record(what, facts = {}) {
      try {
        const line = formatBreadcrumb({
          at: now(),
          who,
          pid: process.pid,
          ...(generation !== undefined && {generation}),
          ...(session !== undefined && {session}),
          what,
          facts: withoutUndefined(facts),
        })
        appendLine(file, line, maxBytes)
      } catch {
        // A full disk or a read-only home must not hurt what is worth logging.
      }
    },
    with: (fields) => createBreadcrumbs({...options, ...fields}),
  }
}

/** Keeps nothing. */
export const noBreadcrumbs: Breadcrumbs = {
  record() {},
  with: () => noBreadcrumbs,
}

function withoutUndefined(facts: Readonly<Record<string, Fact | undefined>>): Record<string, Fact> {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, Fact] => entry[1] !== undefined))
}
