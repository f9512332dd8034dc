import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {createMemoryMonitor, type MemoryFacts, type MemoryMonitor, readMemory} from '@holdfast/supervisor'

const monitors: MemoryMonitor[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const monitor of monitors.splice(0)) monitor.close()
})

/** Checks once for each of these percentages of a limit of 1000 bytes; returns the checks at which something was done. */
function watch(percents: number[], facts: Partial<MemoryFacts> = {}): {recorded: number[]; critical: number[]} {
  const done = {recorded: [] as number[], critical: [] as number[]}
  let at = 0
  const monitor = createMemoryMonitor({
    everyMs: 2 ** 31 - 1,
    sample: () => {
      const usedBytes = (percents[at] ?? 0) * 10
      return [{kind: 'heap', limitBytes: 1000, usedBytes, ownBytes: usedBytes, ...facts}]
    },
    breadcrumbs: {...noBreadcrumbs, record: () => void done.recorded.push(at)},
    onCritical: () => done.critical.push(at),
  })
  monitors.push(monitor)
  for (; at < percents.length; at += 1) monitor.check()
  return done
}

describe('a memory monitor', () => {
  test.each<[title: string, percents: number[], recorded: number[], critical: number[]]>([
    ['does nothing while there is enough', [10, 50, 79], [], []],
    ['records when it gets short', [50, 80, 89], [1], []],
    ['records that again 30 checks later, while it is short', Array<number>(61).fill(85), [0, 30, 60], []],
    ['and each time it gets short again', [85, 50, 85], [0, 2], []],
    ['is critical when it is used up at two checks in a row', [85, 90, 91], [0], [2]],
    ['not at one check', [85, 97, 89, 97, 89], [0], []],
    ['calls onCritical once', [95, 95, 95, 95], [0], [1]],
  ])('%s', (_, percents, recorded, critical) => {
    expect(watch(percents)).toEqual({recorded, critical})
  })

  test('does not end a small process because others use up a shared limit', () => {
    expect(watch([99, 99, 99], {kind: 'cgroup', ownBytes: 499})).toEqual({recorded: [0], critical: []})
    expect(watch([99, 99, 99], {kind: 'cgroup', ownBytes: 500})).toEqual({recorded: [0], critical: [1]})
  })

  test('reports the tightest of several limits', () => {
    const ended: MemoryFacts[] = []
    const heap: MemoryFacts = {kind: 'heap', usedBytes: 1, limitBytes: 100, ownBytes: 1}
    const cgroup: MemoryFacts = {kind: 'cgroup', usedBytes: 99, limitBytes: 100, ownBytes: 90}
    const monitor = createMemoryMonitor({sample: () => [heap, cgroup], onCritical: (facts) => ended.push(facts)})
    monitors.push(monitor)
    monitor.check()
    monitor.check()
    expect(ended).toEqual([cgroup])
  })

  test.each<[title: string, usedGiB: number, checks: number]>([
    ['every second while memory may soon be short', 3, 60],
    ['less often while there is more', 2.2, 15],
    ['every ten seconds while there is plenty', 0.1, 6],
  ])('checks %s', (_, usedGiB, checks) => {
    vi.useFakeTimers()
    let seen = 0
    const usedBytes = usedGiB * 2 ** 30
    const sample = (): MemoryFacts[] => {
      seen += 1
      return [{kind: 'heap', usedBytes, limitBytes: 4 * 2 ** 30, ownBytes: usedBytes}]
    }
    monitors.push(createMemoryMonitor({sample, onCritical: () => {}}))
    vi.advanceTimersByTime(60_000)
    expect(seen).toBe(checks)
  })

  test('measures this process, whose heap has a limit', () => {
    const [heap] = readMemory()
    expect(heap).toMatchObject({kind: 'heap'})
    expect(heap?.usedBytes).toBeGreaterThan(1_000_000)
    expect(heap?.limitBytes).toBeGreaterThan(heap?.usedBytes ?? Infinity)
  })
})
