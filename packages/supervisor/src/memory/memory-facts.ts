import {readText} from '../process/read-text.ts'
import {join} from 'node:path'

export interface MemoryFacts {
  /** `heap`: of this process. `cgroup`: of all processes that share its limit. */
  kind: 'heap' | 'cgroup'
  usedBytes: number
  limitBytes: number
  /** The part that this process uses. */
  ownBytes: number
}

/** The heap of this process, and the memory of its cgroup if that has a limit. */
export function readMemory(): MemoryFacts[] {
  // Loaded at the first look: most processes end before it, and would start slower.
  const {getHeapStatistics} = process.getBuiltinModule('node:v8')
  const {used_heap_size: usedBytes, heap_size_limit: limitBytes} = getHeapStatistics()
  const heap: MemoryFacts = {kind: 'heap', usedBytes, limitBytes, ownBytes: usedBytes}
  const cgroup = readCgroup('/sys/fs/cgroup', readText('/proc/self/cgroup') ?? '')
  return cgroup ? [heap, {kind: 'cgroup', ...cgroup, ownBytes: process.memoryUsage.rss()}] : [heap]
}

/** Version 1 of cgroups reports a limit above this one where there is none. */
const noLimit = 2 ** 60

/**
 * Use and limit of the cgroup that the text of `/proc/self/cgroup` names, below `root`; `undefined` without a limit.
 * Cached files that the kernel can drop at any time do not count as used.
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
  // In a container the path is the one on the machine, and its own group is mounted as root.
  for (const folder of [join(root, path), root]) {
    const limitBytes = Number(readText(join(folder, limit)) ?? Number.NaN)
    const current = Number(readText(join(folder, usage)) ?? Number.NaN)
    if (Number.isNaN(limitBytes) || Number.isNaN(current) || limitBytes >= noLimit) continue
    const stat = readText(join(folder, 'memory.stat')) ?? ''
    const inactive = Number(new RegExp(`^${dropped} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0)
    return {usedBytes: Math.max(0, current - inactive), limitBytes}
  }
  return undefined
}
