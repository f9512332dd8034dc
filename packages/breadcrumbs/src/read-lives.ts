import type {Breadcrumb, Fact} from './breadcrumb.ts'
import {parseBreadcrumb} from './parse-breadcrumb.ts'

/** A line of the log, read. */
export interface Trace extends Breadcrumb {
  line: string
}

/** One life of one process, as far as the log tells of it. */
export interface RecordedLife {
  who: string
  /** Missing when it could not be started. */
  pid: number | undefined
  generation: number | undefined
  session: string | undefined
  /** When it began, epoch ms; of a process whose beginning is not in the log, what its mark said. */
  startedAt: number
  /** What it wrote itself, in order. */
  own: Trace[]
  /** What others wrote of it, in order. */
  told: Trace[]
  /** Who started it, if that is in the log. */
  parent: RecordedLife | undefined
  /** The log goes back to before its beginning, so what it does not say did not happen, or could not be written. */
  isCovered: boolean
}

/** Clocks of marks and lines may differ by so much, ms. */
const SLACK_MS = 5000

/** Sorts the lines of a log into lives, oldest first. Lines that are no breadcrumbs are left out. */
export function readLives(lines: readonly string[]): RecordedLife[] {
  const traces = lines.flatMap((line) => {
    const breadcrumb = parseBreadcrumb(line)
    return breadcrumb ? [{...breadcrumb, line}] : []
  })
  // Lines of several writers may stand in another order than they were made; those of one moment stay as they are.
  traces.sort((a, b) => a.at - b.at)
  const lives: RecordedLife[] = []
  const byPid = new Map<number, RecordedLife>()
  const oldestAt = traces[0]?.at ?? 0

  for (const trace of traces) {
    const writer = writerOf(trace)
    writer.own.push(trace)
    writer.generation ??= trace.generation
    // A gateway writes of many sessions, a host of its own.
    if (trace.what === 'start') writer.session ??= trace.session
    const child = childOf(trace, writer)
    if (!child) continue
    child.told.push(trace)
    child.session ??= trace.session
  }
  return lives

  function writerOf(trace: Trace): RecordedLife {
    const {pid, who, what, at} = trace
    const known = byPid.get(pid)
    const isOther = known?.who !== who || isOver(known) || (what === 'start' && known.own.length > 0)
    return known && !isOther ? known : begin({who, pid, startedAt: at, generation: trace.generation})
  }

  function childOf(trace: Trace, writer: RecordedLife): RecordedLife | undefined {
    const {what, facts, at} = trace
    const {child, child_pid: childPid, child_generation: childGeneration} = facts
    if (typeof child !== 'string') return undefined
    const pid = numberOf(childPid)
    const generation = numberOf(childGeneration)
    if (what === 'exit-inferred') {
      const startedAt = Date.parse(String(facts['started'])) || at
      return findMarked(child, pid, startedAt) ?? begin({who: child, pid, startedAt, generation})
    }
    const known = pid === undefined ? undefined : byPid.get(pid)
    const life = known && isOfSameLife(known) ? known : begin({who: child, pid, startedAt: at, generation})
    life.generation ??= generation
    life.parent ??= writer
    return life

    function isOfSameLife(last: RecordedLife): boolean {
      if (last.who !== child) return false
      if (what === 'spawn') return !isOver(last) && last.parent === undefined
      // What it said last itself comes before what others say of that; and who adopted it may notice last of all.
      return what === 'gone' || !wasToldOver(last)
    }
  }

  /** The life that left a mark, also when its pid belongs to another one by now. */
  function findMarked(who: string, pid: number | undefined, startedAt: number): RecordedLife | undefined {
    return lives.findLast(
      (life) => life.who === who && life.pid === pid && Math.abs(life.startedAt - startedAt) <= SLACK_MS,
    )
  }

  function begin(life: Pick<RecordedLife, 'who' | 'pid' | 'startedAt' | 'generation'>): RecordedLife {
    const made = {
      ...life,
      session: undefined,
      own: [],
      told: [],
      parent: undefined,
      isCovered: oldestAt <= life.startedAt,
    }
    lives.push(made)
    if (life.pid !== undefined) byPid.set(life.pid, made)
    return made
  }
}

/** The first of its traces of a kind that a fact of it fits. */
export function traceOf(traces: readonly Trace[], what: string, facts: Record<string, Fact> = {}): Trace | undefined {
  return traces.find(
    (trace) => trace.what === what && Object.entries(facts).every(([name, fact]) => trace.facts[name] === fact),
  )
}

function isOver(life: RecordedLife): boolean {
  return traceOf(life.own, 'exit') !== undefined || wasToldOver(life)
}

function wasToldOver({told}: RecordedLife): boolean {
  return ['child-exit', 'spawn-failed', 'exit-inferred'].some((what) => traceOf(told, what) !== undefined)
}

function numberOf(fact: Fact | undefined): number | undefined {
  return typeof fact === 'number' ? fact : undefined
}
