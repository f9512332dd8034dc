import type {Readable} from 'node:stream'

import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'
import {createLiveness, type LivenessOptions} from '@holdfast/recovery'

import type {Child, StopOptions} from './child.ts'

export interface WatchOptions extends LivenessOptions {
  /** What it is, for breadcrumbs. */
  name: string
  /** Asks for a sign of life. The answer counts as any other byte does; what it throws or rejects with counts for nothing. */
  ping: () => unknown
  /** How an unresponsive child is ended. @default {graceMs: 0, killAfterMs: 1000} */
  stop?: StopOptions
  /** @default none are left */
  breadcrumbs?: Breadcrumbs | undefined
}

/**
 * Ends a child that is deaf: it has a process, but wrote nothing on its stdout for `deadlineMs`, although it was asked. Any
 * byte is a sign of life; so is all that we do not read, and time in which we stood still ourselves. Returns what ends the
 * watch; it ends by itself with the child, and does not keep this process alive.
 */
export function watchLiveness(child: Child, options: WatchOptions): () => void {
  const {name, ping, stop = {graceMs: 0, killAfterMs: 1000}, breadcrumbs = noBreadcrumbs} = options
  const startedAt = performance.now()
  const liveness = createLiveness(startedAt, options)
  let bytes = bytesRead(child.stdout)
  let heardAt = startedAt

  const timer = setInterval(() => {
    const now = performance.now()
    const read = bytesRead(child.stdout)
    const isHeard = read !== bytes || isUnread(child.stdout)
    bytes = read
    if (isHeard) heardAt = now
    const verdict = liveness.look(now, isHeard)
    if (verdict === 'wait') return
    if (verdict === 'ping') return void Promise.resolve().then(ping).catch(ignore)
    end()
    const {pid, generation} = child
    const silentMs = Math.round(now - heardAt)
    breadcrumbs.record('unresponsive', {child: name, child_pid: pid, child_generation: generation, silent_ms: silentMs})
    void child.stop('it was unresponsive', stop).catch(ignore)
  }, liveness.lookMs).unref()

  function end(): void {
    clearInterval(timer)
  }
  void child.exited.then(end)
  return end
}

function bytesRead(stream: Readable): number {
  return (stream as Readable & {bytesRead?: number}).bytesRead ?? 0
}

/** We are the ones who do not listen. */
function isUnread(stream: Readable): boolean {
  return stream.readableFlowing === false || stream.readableLength > 0
}

function ignore(): void {}
