import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {getHeapStatistics} from 'node:v8'

/** How much of one kind of memory is used. */
export interface MemoryFacts {
  /** `heap`: of this process. `cgroup`: of all processes that share its limit. */
  of: 'heap' | 'cgroup'
  usedBytes: number
  limitBytes: number
  /** What this process itself has a share of it. */
  ownBytes: number
}

/** The heap of this process, and the memory of its cgroup where that has a limit. */
export function readMemory(): MemoryFacts[] {
  const {used_heap_size: usedBytes, heap_size_limit: limitBytes} = getHeapStatistics()
  const heap: MemoryFacts = {of: 'heap', usedBytes, limitBytes, ownBytes: usedBytes}
  const cgroup = readCgroup('/sys/fs/cgroup', readText('/proc/self/cgroup') ?? '')
  return cgroup ? [heap, {of: 'cgroup', ...cgroup, ownBytes: process.memoryUsage.rss()}] : [heap]
}

/** A limit above it is none: this is how version 1 writes that there is no limit. */
const NO_LIMIT = 2 ** 60

/**
 * Use and limit of the cgroup that the text of `/proc/self/cgroup` names, below `root`; `undefined` where there is no
 * limit. Cached files that can be dropped at any time do not count as used.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html#memory
 */
export function readCgroup(root: string, membership: string): {usedBytes: number; limitBytes: number} | undefined {
  const lines = membership.split('\n').map((line) => line.split(':'))
  const second = lines.find(([id, controllers]) => id === '0' && controllers === '')?.[2]
  const first = lines.find(([, controllers]) => controllers?.split(',').includes('memory'))?.[2]
  return (
    (second === undefined ? undefined : readLimit(root, second, 'memory.max', 'memory.current', 'inactive_file')) ??
    (first === undefined
      ? undefined
      : readLimit(join(root, 'memory'), first, 'memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file'))
  )
}

function readLimit(root: string, path: string, limit: string, usage: string, dropped: string) {
  // In a container the path is that of the machine, and its own group is at the root.
  for (const folder of [join(root, path), root]) {
    const limitBytes = Number(readText(join(folder, limit)) ?? Number.NaN)
    const current = Number(readText(join(folder, usage)) ?? Number.NaN)
    if (Number.isNaN(limitBytes) || Number.isNaN(current) || limitBytes >= NO_LIMIT) continue
    const stat = readText(join(folder, 'memory.stat')) ?? ''
    const inactive = Number(new RegExp(`^${dropped} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0)
    return {usedBytes: Math.max(0, current - inactive), limitBytes}
  }
  return undefined
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
