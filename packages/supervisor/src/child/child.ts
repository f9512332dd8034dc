import type {Readable, Writable} from 'node:stream'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'

export interface ChildOptions {
  /** The role of the child, such as `gateway`: for breadcrumbs, errors and its environment. */
  name: string
  command: string
  args?: readonly string[] | undefined
  /** @default the working directory of this process */
  cwd?: string | undefined
  /** Merged into the environment of this process; `undefined` removes a variable. */
  env?: Readonly<Record<string, string | undefined>> | undefined
  /** How many times a child of this name was started, this one included. @default 1 */
  generation?: number | undefined
  /** @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
  /** For a child that outlives this process: it has no stdin, and its stderr is appended to this file, which only its owner may read. */
  outlives?: {stderrFile: string} | undefined
}

/** The facts of a breadcrumb that say which child it is about. */
export function childFacts(name: string, {pid, generation}: Pick<Child, 'pid' | 'generation'>) {
  return {child: name, child_pid: pid, child_generation: generation}
}

export interface ChildExit {
  /** Missing when it could not be started. */
  pid: number | undefined
  generation: number
  code: number | null
  signal: NodeJS.Signals | null
  /** Why it could not be started. */
  error?: Error
  /**
   * The last 3 lines of its stderr at most that say why it exited, oldest first, without empty ones; the last one is the
   * error itself, not its stack. What looks like a secret is masked.
   */
  stderr: readonly string[]
  /** It exited after a call of `stop`. */
  requested: boolean
  /** False when it could not be started and trying again is pointless: no such file, no permission. */
  startable: boolean
}

export interface StopOptions {
  /** How long the child may take to exit by itself after its stdin ended, before it gets SIGTERM, ms. @default 2000 */
  graceMs?: number
  /** The time from SIGTERM to SIGKILL, ms. @default 2000 */
  killAfterMs?: number
}

export interface Child {
  readonly pid: number | undefined
  readonly generation: number
  /** Already ended for a child that outlives this process. */
  readonly stdin: Writable
  /** The caller must read it. It may stay open after the exit, while a grandchild holds it. */
  readonly stdout: Readable
  /** Resolves when the process has exited or could not be started, even while a grandchild holds its pipes. Never rejects. */
  readonly exited: Promise<ChildExit>
  /** The last 4096 characters of its stderr. What looks like a secret is masked. */
  stderrTail(): string
  /**
   * Ends the child and the rest of its process group: ends its stdin, then sends SIGTERM, then SIGKILL. A child that
   * outlives this process has no stdin and gets SIGTERM at once. A further call can only shorten the deadlines. Resolves
   * when the child has exited and its group is gone; at once if the child had exited before. Rejects after `release`.
   */
  stop(reason: string, options?: StopOptions): Promise<ChildExit>
  /**
   * Lets a child that outlives this process run on: closes its stdout and no longer keeps this process alive for it. From
   * then on `exited` stays pending. Does nothing when the child has exited or is being stopped. Throws for other children.
   */
  release(): void
}
