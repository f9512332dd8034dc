import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {createMemoryMonitor, type MemoryFacts, type MemoryMonitor, readMemory} from '@holdfast/supervisor'

const monitors: MemoryMonitor[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const monitor of monitors.splice(0)) monitor.close()
})

/** Looks once for each of these percentages of a limit of 1000 bytes; tells at which looks something was done. */
function watch(percents: number[], facts: Partial<MemoryFacts> = {}): {told: number[]; critical: number[]} {
  const done = {told: [] as number[], critical: [] as number[]}
  let at = 0
  const monitor = createMemoryMonitor({
    everyMs: 2 ** 31 - 1,
    sample: () => {
      const usedBytes = (percents[at] ?? 0) * 10
      return [{of: 'heap', limitBytes: 1000, usedBytes, ownBytes: usedBytes, ...facts}]
    },
    breadcrumbs: {...noBreadcrumbs, record: () => void done.told.push(at)},
    onCritical: () => done.critical.push(at),
  })
  monitors.push(monitor)
  for (; at < percents.length; at += 1) monitor.look()
  return done
}

describe('a memory monitor', () => {
  test.each<[title: string, percents: number[], told: number[], critical: number[]]>([
    ['does nothing while there is enough', [10, 50, 79], [], []],
    ['tells when it gets short', [50, 80, 89], [1], []],
    ['does so again 30 looks later, while it is short', Array<number>(61).fill(85), [0, 30, 60], []],
    ['and each time it gets short again', [85, 50, 85], [0, 2], []],
    ['ends the process when it is used up at two looks in a row', [85, 90, 91], [0], [2]],
    ['not for what one look saw', [85, 97, 89, 97, 89], [0], []],
    ['ends it once', [95, 95, 95, 95], [0], [1]],
  ])('%s', (_, percents, told, critical) => {
    expect(watch(percents)).toEqual({told, critical})
  })

  test('does not end a small process because others use up what they share', () => {
    expect(watch([99, 99, 99], {of: 'cgroup', ownBytes: 499})).toEqual({told: [0], critical: []})
    expect(watch([99, 99, 99], {of: 'cgroup', ownBytes: 500})).toEqual({told: [0], critical: [1]})
  })

  test('heeds the tightest of several limits', () => {
    const ended: MemoryFacts[] = []
    const heap: MemoryFacts = {of: 'heap', usedBytes: 1, limitBytes: 100, ownBytes: 1}
    const cgroup: MemoryFacts = {of: 'cgroup', usedBytes: 99, limitBytes: 100, ownBytes: 90}
    const monitor = createMemoryMonitor({sample: () => [heap, cgroup], onCritical: (facts) => ended.push(facts)})
    monitors.push(monitor)
    monitor.look()
    monitor.look()
    expect(ended).toEqual([cgroup])
  })

  test.each<[title: string, usedGiB: number, looks: number]>([
    ['each second while memory may soon be short', 3, 60],
    ['less often while there is more', 2.2, 15],
    ['each ten seconds while there is plenty', 0.1, 6],
  ])('looks %s', (_, usedGiB, looks) => {
    vi.useFakeTimers()
    let seen = 0
    const usedBytes = usedGiB * 2 ** 30
    const sample = (): MemoryFacts[] => {
      seen += 1
      return [{of: 'heap', usedBytes, limitBytes: 4 * 2 ** 30, ownBytes: usedBytes}]
    }
    monitors.push(createMemoryMonitor({sample, onCritical: () => {}}))
    vi.advanceTimersByTime(60_000)
    expect(seen).toBe(looks)
  })

  test('looks by itself at this process, whose heap has a limit', () => {
    const [heap] = readMemory()
    expect(heap).toMatchObject({of: 'heap'})
    expect(heap?.usedBytes).toBeGreaterThan(1_000_000)
    expect(heap?.limitBytes).toBeGreaterThan(heap?.usedBytes ?? Infinity)
  })
})
