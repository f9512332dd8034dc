import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {type MemoryFacts, readMemory} from './memory-facts.ts'

export interface MemoryMonitorOptions {
  /** Called once, when 90% of a limit are used at two checks in a row: shut down, such as by `shutdown.begin({kind: 'memory', …})`. */
  onCritical: (facts: MemoryFacts) => void
  /** How often to check while memory may soon be short, ms; a tenth as often while there is plenty. @default 1000 */
  everyMs?: number | undefined
  /** @default readMemory: the heap, and the cgroup if it has a limit */
  sample?: (() => readonly MemoryFacts[]) | undefined
  /** Records `memory-high` when 80% of a limit are used, and every 30 checks while they are. @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
}

export interface MemoryMonitor {
  /** Checks now, in addition to the regular checks. */
  check(): void
  close(): void
}

/** Memory is short, or nearly used up, from this part of a limit on. */
const highRatio = 0.8
const criticalRatio = 0.9
/** Checks from one `memory-high` to the next: 30 s by default. */
const checksBetweenRecords = 30
/** Memory that grows no faster cannot get short between two checks, bytes per ms: 256 MiB per second. */
const maxGrowth = (256 * 1024 * 1024) / 1000
/** With plenty of memory, a check is this many times rarer: an idle process should sleep. */
const maxPause = 10
const maxTimerMs = 2 ** 31 - 1

/**
 * Watches the memory of this process, so that it can shut down in order before it is killed. When a cgroup is used up by
 * other processes, it records that, but does not call `onCritical`: ending this process would not help. Memory that is
 * used up between two checks ends the process as usual. Does not keep the process alive.
 */
export function createMemoryMonitor(options: MemoryMonitorOptions): MemoryMonitor {
  const {onCritical, everyMs = 1000, sample = readMemory, breadcrumbs = noBreadcrumbs} = options
  /** Checks in a row that found memory short, and nearly used up. */
  let high = 0
  let critical = 0
  let isOver = false
  let timer = setTimeout(check, everyMs).unref()

  function check(): void {
    if (isOver) return
    const facts = sample()
    scheduleCheck(facts)
    const tightest = facts.reduce((a, b) => (ratioOf(b) > ratioOf(a) ? b : a))
    const level = levelOf(tightest)
    if (level === 'fine') {
      high = critical = 0
      return
    }
    if (high % checksBetweenRecords === 0) breadcrumbs.record('memory-high', factsOf(tightest))
    high += 1
    critical = level === 'critical' ? critical + 1 : 0
    // Memory that one check finds may be garbage that V8 is about to collect.
    if (critical < 2) return
    close()
    onCritical(tightest)
  }

  function levelOf(facts: MemoryFacts): 'fine' | 'high' | 'critical' {
    const ratio = ratioOf(facts)
    if (ratio < highRatio) return 'fine'
    return ratio >= criticalRatio && facts.ownBytes >= facts.limitBytes / 2 ? 'critical' : 'high'
  }

  function scheduleCheck(facts: readonly MemoryFacts[]): void {
    const freeBytes = Math.min(...facts.map(({usedBytes, limitBytes}) => limitBytes * highRatio - usedBytes))
    const pauseMs = Math.min(Math.max(freeBytes / maxGrowth, everyMs), maxPause * everyMs, maxTimerMs)
    clearTimeout(timer)
    timer = setTimeout(check, pauseMs).unref()
  }

  function close(): void {
    isOver = true
    clearTimeout(timer)
  }

  return {check, close}
}

function ratioOf({usedBytes, limitBytes}: MemoryFacts): number {
  return usedBytes / limitBytes
}

function factsOf({kind, usedBytes, limitBytes, ownBytes}: MemoryFacts) {
  return {kind, used_bytes: usedBytes, limit_bytes: limitBytes, own_bytes: ownBytes}
}
