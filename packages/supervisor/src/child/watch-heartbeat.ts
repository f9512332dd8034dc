import type {Readable} from 'node:stream'

import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'
import {createLiveness, type LivenessOptions} from '@holdfast/recovery'

import {graces} from '../shutdown/graces.ts'
import {childFacts, type Child, type StopOptions} from './child.ts'

export interface HeartbeatOptions extends LivenessOptions {
  /** The role of the child, for breadcrumbs. */
  name: string
  /** Asks the child to write something. What it throws or rejects with is ignored. */
  ping: () => unknown
  /** How to end an unresponsive child. @default {graceMs: 0, killAfterMs: 2000} */
  stop?: StopOptions
  /** @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
}

/**
 * Ends a child that is unresponsive: it runs, but has written nothing to its stdout for `deadlineMs`, although it was
 * pinged. Any byte counts as a heartbeat. While this process does not read the child's stdout, or stood still itself, the
 * child is not to blame. Returns a function that stops watching; the exit of the child does, too. Does not keep this
 * process alive.
 */
export function watchHeartbeat(child: Child, options: HeartbeatOptions): () => void {
  const {name, ping, stop = {graceMs: 0, killAfterMs: graces.child.killAfterMs}, breadcrumbs = noBreadcrumbs} = options
  const startedAt = performance.now()
  const liveness = createLiveness(startedAt, options)
  let bytes = bytesRead(child.stdout)
  let lastByteAt = startedAt

  const timer = setInterval(() => {
    const now = performance.now()
    const read = bytesRead(child.stdout)
    const isResponsive = read !== bytes || isUnread(child.stdout)
    bytes = read
    if (isResponsive) lastByteAt = now
    const next = liveness.check(now, isResponsive)
    if (next === 'wait') return
    if (next === 'ping') return void Promise.resolve().then(ping).catch(ignore)
    end()
    breadcrumbs.record('unresponsive', {...childFacts(name, child), silent_ms: Math.round(now - lastByteAt)})
    void child.stop('it was unresponsive', stop).catch(ignore)
  }, liveness.checkEveryMs).unref()

  function end(): void {
    clearInterval(timer)
  }
  void child.exited.then(end)
  return end
}

function bytesRead(stream: Readable): number {
  return (stream as Readable & {bytesRead?: number}).bytesRead ?? 0
}

/** This process is the one that does not read. */
function isUnread(stream: Readable): boolean {
  return stream.readableFlowing === false || stream.readableLength > 0
}

function ignore(): void {}
