import type {Breadcrumbs} from '@holdfast/breadcrumbs'

import type {Child, ChildExit} from './child.ts'

/** A child that did not come up. */
export class StartError extends Error {
  override name = 'StartError'
  /** `start-timeout`: it was not ready in time, and was ended. `exited`: it ended before. `not-startable`: it never ran. */
  readonly code: 'start-timeout' | 'exited' | 'not-startable'
  readonly exit: ChildExit

  constructor(code: StartError['code'], message: string, exit: ChildExit) {
    super(message, exit.error ? {cause: exit.error} : {})
    this.code = code
    this.exit = exit
  }
}

export interface AwaitReadyOptions {
  /** What it is, for the message. */
  name: string
  /** How long it may take, ms. @default 15_000 */
  timeoutMs?: number | undefined
  /** @default none are left */
  breadcrumbs?: Breadcrumbs | undefined
}

/**
 * Waits until a child is ready. A child that cannot be started, ends before it is ready, or takes too long fails in one
 * way: rejects with a `StartError` that bears its last words; then it has ended. Rejects with the error of `ready` when
 * that rejects first, and leaves the child as it is.
 */
export async function awaitReady<Value>(
  child: Child,
  ready: Promise<Value>,
  {name, timeoutMs = 15_000, breadcrumbs}: AwaitReadyOptions,
): Promise<Value> {
  const timeout = Promise.withResolvers<'timeout'>()
  const timer = setTimeout(() => timeout.resolve('timeout'), timeoutMs)
  try {
    const first = await Promise.race([
      ready.then((value) => ({value})),
      child.exited.then((exit) => ({exit})),
      timeout.promise,
    ])
    if (first !== 'timeout' && 'value' in first) return first.value
    if (first !== 'timeout') throw didNotStart(name, first.exit)
    const {pid, generation} = child
    breadcrumbs?.record('start-timeout', {
      child: name,
      child_pid: pid,
      child_generation: generation,
      timeout_ms: timeoutMs,
    })
    const words = child.stderrTail()
    const exit = await child.stop('it was not ready in time', {graceMs: 0})
    throw new StartError('start-timeout', `Expected ${name} to be ready within ${timeoutMs} ms${quote(words)}`, exit)
  } finally {
    clearTimeout(timer)
  }
}

function didNotStart(name: string, exit: ChildExit): StartError {
  const {error, code, signal, stderr} = exit
  if (error) return new StartError('not-startable', error.message, exit)
  const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`
  return new StartError('exited', `Expected ${name} to be ready, but it ${how}${quote(stderr.join('\n'))}`, exit)
}

function quote(words: string): string {
  const last = words.trimEnd().split(/\r?\n/).at(-1)?.trim()
  return last ? `: ${last}` : ', without a word'
}
