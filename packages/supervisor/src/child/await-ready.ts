import type {Breadcrumbs} from '@holdfast/breadcrumbs'

import {childFacts, type Child, type ChildExit} from './child.ts'
import {StartError} from './start-error.ts'
import {withResolvers} from './with-resolvers.ts'

export interface AwaitReadyOptions {
  /** The role of the child, for messages and breadcrumbs. */
  name: string
  /** How long the child may take to become ready, ms. @default 15_000 */
  timeoutMs?: number | undefined
  /** @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
}

/**
 * Waits until `ready` resolves, and returns its value. Rejects with a `StartError`, whose message ends with the last line
 * of stderr, if the child cannot be started, exits before it is ready, or takes too long and is ended. Rejects with the
 * error of `ready` if that rejects first, and leaves the child running.
 */
export async function awaitReady<Value>(
  child: Child,
  ready: Promise<Value>,
  {name, timeoutMs = 15_000, breadcrumbs}: AwaitReadyOptions,
): Promise<Value> {
  const timeout = withResolvers<'timeout'>()
  // Node runs due timers before it reads its streams. After this process was busy, the child may have been ready in time: so the
  // timeout lets this turn of the event loop read that.
  const timer = setTimeout(() => setImmediate(() => timeout.resolve('timeout')), timeoutMs)
  try {
    const first = await Promise.race([
      ready.then((value) => ({value})),
      child.exited.then((exit) => ({exit})),
      timeout.promise,
    ])
    if (first !== 'timeout' && 'value' in first) return first.value
    if (first !== 'timeout') throw exitedTooEarly(name, first.exit)
    breadcrumbs?.record('start-timeout', {...childFacts(name, child), timeout_ms: timeoutMs})
    const stderr = child.stderrTail()
    const exit = await child.stop('it was not ready in time', {graceMs: 0})
    throw new StartError('start-timeout', `${name} was not ready after ${timeoutMs} ms${lastLine(stderr)}`, exit)
  } finally {
    clearTimeout(timer)
  }
}

function exitedTooEarly(name: string, exit: ChildExit): StartError {
  const {error, code, signal, stderr} = exit
  if (error) return new StartError('not-startable', error.message, exit)
  const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`
  return new StartError('exited', `${name} ${how} before it was ready${lastLine(stderr.join('\n'))}`, exit)
}

function lastLine(stderr: string): string {
  const line = stderr.trimEnd().split(/\r?\n/).at(-1)?.trim()
  return line ? `: ${line}` : ' (no output on stderr)'
}
