import type {Readable, Writable} from 'node:stream'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'

export interface ChildOptions {
  /** What it is, such as `gateway`: for breadcrumbs, errors and its mark. */
  name: string
  command: string
  args?: readonly string[] | undefined
  /** @default the folder of this process */
  cwd?: string | undefined
  /** Laid over the environment of this process; `undefined` removes. */
  env?: Readonly<Record<string, string | undefined>> | undefined
  /** Which life of `name` this is. @default 1 */
  generation?: number | undefined
  /** @default none are left */
  breadcrumbs?: Breadcrumbs | undefined
  /** For a child that lives on without us: it has no stdin, and its stderr is appended to this file, which only its owner may read. */
  outlives?: {stderrFile: string} | undefined
}

/** How a child ended: facts. */
export interface ChildExit {
  /** Missing when it never ran. */
  pid: number | undefined
  generation: number
  code: number | null
  signal: NodeJS.Signals | null
  /** Why it never ran. */
  error?: Error
  /** The last lines that it wrote on stderr, oldest first; 3 at most, empty ones left out. What looks like a secret is masked; else they may hold anything. */
  stderr: readonly string[]
  /** We asked for it, by `stop`. */
  requested: boolean
  /** False when it never ran and trying again is pointless: no such file, no permission. */
  startable: boolean
}

export interface StopOptions {
  /** How long the child may take to end by itself once its stdin has ended, ms. @default 2000 */
  graceMs?: number
  /** How long it may take after SIGTERM until it gets SIGKILL, ms. @default 2000 */
  killAfterMs?: number
}

export interface Child {
  readonly pid: number | undefined
  readonly generation: number
  /** Ended from the start for a child that outlives us. */
  readonly stdin: Writable
  /** Belongs to whoever reads it; it may stay open after the exit, while a grandchild holds it. */
  readonly stdout: Readable
  /** Resolves when the process has ended or could not be started, even while a grandchild holds its pipes. Never rejects. */
  readonly exited: Promise<ChildExit>
  /** The last 4 KiB that it wrote on stderr, in whole characters; what looks like a secret is masked. */
  stderrTail(): string
  /**
   * Ends the child and what is left of its process group: ends its stdin, then SIGTERM, then SIGKILL. A child that
   * outlives us has no stdin and gets SIGTERM at once. Called again it only shortens: the earlier of the deadlines
   * holds. Resolves when all is over; of a child that has ended before, at once. Rejects after `release`.
   */
  stop(reason: string, options?: StopOptions): Promise<ChildExit>
  /**
   * Lets a child that outlives us go: closes our end of its stdout and does not keep this process alive for it. `exited`
   * stays unresolved from then on. Does nothing when it has ended or is being stopped. Throws for any other child.
   */
  release(): void
}
