import type {Breadcrumb, Fact} from '../log/breadcrumb.ts'

/** One process, from its start to its exit, by the crash log. */
export interface RecordedInstance {
  role: string
  /** Missing when it could not be started. */
  pid: number | undefined
  generation: number | undefined
  session: string | undefined
  /** Epoch ms, from the log, otherwise from the PID file. */
  startedAt: number
  /** Its own breadcrumbs, in order. */
  own: Breadcrumb[]
  /** Breadcrumbs of other processes about it, in order. */
  others: Breadcrumb[]
  /** The log begins before the process does. Then an event that is missing did not happen, or could not be written. */
  isCovered: boolean
}

/** How far the times of a PID file and of a breadcrumb may lie apart, ms. */
const toleranceMs = 5000

/** Sorts breadcrumbs by the process that they are about. Oldest process first. */
export function readInstances(breadcrumbs: readonly Breadcrumb[]): RecordedInstance[] {
  // Several writers may have appended out of order; breadcrumbs of the same millisecond keep their order.
  const sorted = breadcrumbs.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  const instances: RecordedInstance[] = []
  const byPid = new Map<number, RecordedInstance>()
  const oldestAt = sorted[0] ? timeOf(sorted[0]) : 0

  for (const breadcrumb of sorted) {
    const writer = writerOf(breadcrumb)
    writer.own.push(breadcrumb)
    writer.generation ??= breadcrumb.generation
    // A gateway records for many sessions, a host for its own.
    if (breadcrumb.event === 'start') writer.session ??= breadcrumb.session
    const child = childOf(breadcrumb)
    if (!child) continue
    child.others.push(breadcrumb)
    child.session ??= breadcrumb.session
  }
  return instances

  function writerOf(breadcrumb: Breadcrumb): RecordedInstance {
    const {pid, role, event, generation} = breadcrumb
    const known = byPid.get(pid)
    const isAnother = known?.role !== role || isOver(known) || (event === 'start' && known.own.length > 0)
    return known && !isAnother ? known : add({role, pid, startedAt: timeOf(breadcrumb), generation})
  }

  function childOf(breadcrumb: Breadcrumb): RecordedInstance | undefined {
    const {event, facts} = breadcrumb
    const role = facts['child']
    if (typeof role !== 'string') return undefined
    const pid = asNumber(facts['child_pid'])
    const generation = asNumber(facts['child_generation'])
    if (event === 'exit-inferred') {
      const startedAt = Date.parse(String(facts['started'])) || timeOf(breadcrumb)
      return findByPidFile(role, pid, startedAt) ?? add({role, pid, startedAt, generation})
    }
    const known = pid === undefined ? undefined : byPid.get(pid)
    const child =
      known && isAbout(known, role, event) ? known : add({role, pid, startedAt: timeOf(breadcrumb), generation})
    child.generation ??= generation
    return child
  }

  /** The instance with this PID file, even when its pid belongs to another process by now. */
  function findByPidFile(role: string, pid: number | undefined, startedAt: number): RecordedInstance | undefined {
    return instances.findLast(
      (one) => one.role === role && one.pid === pid && Math.abs(one.startedAt - startedAt) <= toleranceMs,
    )
  }

  function add(instance: Pick<RecordedInstance, 'role' | 'pid' | 'startedAt' | 'generation'>): RecordedInstance {
    const isCovered = oldestAt <= instance.startedAt
    const added = {...instance, session: undefined, own: [], others: [], isCovered}
    instances.push(added)
    if (instance.pid !== undefined) byPid.set(instance.pid, added)
    return added
  }
}

/** Whether an event about a child of this role is about `known`, which had the same pid last. */
function isAbout(known: RecordedInstance, role: string, event: string): boolean {
  if (known.role !== role) return false
  if (event === 'spawn') return !isOver(known) && known.others.length === 0
  // A process records its own exit before others do; the one that adopted it may notice last of all.
  return event === 'gone' || !isReportedOver(known)
}

/** The first breadcrumb of an event that has these facts. */
export function find(
  breadcrumbs: readonly Breadcrumb[],
  event: string,
  facts: Record<string, Fact> = {},
): Breadcrumb | undefined {
  return breadcrumbs.find(
    (one) => one.event === event && Object.entries(facts).every(([name, fact]) => one.facts[name] === fact),
  )
}

/** Epoch ms. */
export function timeOf({time}: Breadcrumb): number {
  return Date.parse(time)
}

function isOver(instance: RecordedInstance): boolean {
  return find(instance.own, 'exit') !== undefined || isReportedOver(instance)
}

function isReportedOver({others}: RecordedInstance): boolean {
  return ['child-exit', 'spawn-failed', 'exit-inferred'].some((event) => find(others, event) !== undefined)
}

function asNumber(fact: Fact | undefined): number | undefined {
  return typeof fact === 'number' ? fact : undefined
}
