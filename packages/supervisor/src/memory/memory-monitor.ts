import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {type MemoryFacts, readMemory} from './memory-facts.ts'

export interface MemoryMonitorOptions {
  /** Called once, when memory is used up: the process is to end in order, `ending.end({kind: 'memory', …})`. */
  onCritical: (facts: MemoryFacts) => void
  /** Memory is short when so much of the limit is used, 0 to 1. @default 0.8 */
  highRatio?: number | undefined
  /** Memory is used up when so much of the limit is used at two looks in a row, 0 to 1. @default 0.9 */
  criticalRatio?: number | undefined
  /** How often to look while memory may soon be short, ms; a tenth as often while there is plenty. @default 1000 */
  everyMs?: number | undefined
  /** @default readMemory: the heap, and the cgroup where that has a limit */
  sample?: (() => readonly MemoryFacts[]) | undefined
  /** Told `memory-high` when memory gets short, and every 30 looks while it is. @default none are left */
  breadcrumbs?: Breadcrumbs | undefined
}

export interface MemoryMonitor {
  /** Looks at once; done by itself, too. */
  look(): void
  close(): void
}

/** How many looks are between two times that it is told: 30 s of them by default. */
const LOOKS_BETWEEN = 30

/** Memory that grows this fast does not get short between two looks, bytes a millisecond: 256 MiB a second. */
const GROWTH = (256 * 1024 * 1024) / 1000
/** An idle process is woken so much more rarely than one whose memory may soon be short. */
const MAX_PAUSE = 10
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Watches the memory of this process, so that it can end in order before it is ended. Of a cgroup that is used up it
 * records that it is short, but does not end where another process has most of it: that would help nobody. It does not
 * keep the process alive. Memory that is used up between two looks ends the process as ever.
 */
export function createMemoryMonitor(options: MemoryMonitorOptions): MemoryMonitor {
  const {onCritical, highRatio = 0.8, criticalRatio = 0.9, everyMs = 1000} = options
  const {sample = readMemory, breadcrumbs = noBreadcrumbs} = options
  /** Looks in a row at which memory was short, and used up. */
  let high = 0
  let critical = 0
  let isOver = false
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    if (isOver) return
    const facts = sample()
    lookAgain(facts)
    const tightest = facts.reduce((a, b) => (ratioOf(b) > ratioOf(a) ? b : a))
    const level = levelOf(tightest)
    if (level === 'fine') {
      high = critical = 0
      return
    }
    if (high % LOOKS_BETWEEN === 0) breadcrumbs.record('memory-high', factsOf(tightest))
    high += 1
    critical = level === 'critical' ? critical + 1 : 0
    // What is seen once may be garbage that the next collection takes away.
    if (critical < 2) return
    close()
    onCritical(tightest)
  }

  function levelOf(facts: MemoryFacts): 'fine' | 'high' | 'critical' {
    const ratio = ratioOf(facts)
    if (ratio < highRatio) return 'fine'
    return ratio >= criticalRatio && facts.ownBytes >= facts.limitBytes / 2 ? 'critical' : 'high'
  }

  function lookAgain(facts: readonly MemoryFacts[]): void {
    const freeBytes = Math.min(...facts.map(({usedBytes, limitBytes}) => limitBytes * highRatio - usedBytes))
    const pauseMs = Math.min(Math.max(freeBytes / GROWTH, everyMs), MAX_PAUSE * everyMs, MAX_TIMER_MS)
    clearTimeout(timer)
    timer = setTimeout(look, pauseMs).unref()
  }

  timer = setTimeout(look, everyMs).unref()
  function close(): void {
    isOver = true
    clearTimeout(timer)
  }
  return {look, close}
}

function ratioOf({usedBytes, limitBytes}: MemoryFacts): number {
  return usedBytes / limitBytes
}

function factsOf({of, usedBytes, limitBytes, ownBytes}: MemoryFacts) {
  return {of, used_bytes: usedBytes, limit_bytes: limitBytes, own_bytes: ownBytes}
}
