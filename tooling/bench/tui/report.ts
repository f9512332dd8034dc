import {medianOf, type Goal} from '../goal.ts'
import type {Contender, Value} from './workloads.ts'

/** The medians as a table: what was measured, of the least program, of Holdfast, and their ratio. */
export function tableOf(values: readonly Value[]): string {
  const rows = [...new Set(values.map(({metric}) => metric))].map((metric) => {
    const [theirs, ours] = [median(values, metric, 'hello-world'), median(values, metric)]
    const cells = [format(theirs), format(ours), Number.isNaN(theirs) ? '' : (ours / theirs).toFixed(2)]
    return metric.padEnd(40) + cells.map((cell) => cell.padStart(13)).join('')
  })
  const head = 'median'.padEnd(40) + ['hello-world', 'holdfast', 'ratio'].map((cell) => cell.padStart(13)).join('')
  return [head, ...rows].join('\n')
}

/** Of the goals, those for which something was measured. */
export function goalsOf(values: readonly Value[]): Goal[] {
  const of = (metric: string) => median(values, metric)
  const helloWorld = (metric: string) => median(values, metric, 'hello-world')
  const sum = (metric: string) =>
    ['tui', 'gateway', 'host'].reduce((total, role) => total + of(`${metric}, ${role}`), 0)
  const frame = 'ms to the first frame'
  const echo = 'ms of echo at p95, idle'
  const goals = [
    atMost('first frame with a composer, ratio to hello-world', of(frame) / helloWorld(frame), 1.5),
    atMost('live session, ratio to the first frame of hello-world', of('ms to a live session') / helloWorld(frame), 3),
    atMost('key to echo at p95, idle, ratio to hello-world', of(echo) / helloWorld(echo), 2),
    under('key to echo at p95, 1,000 lines/s, 10,000 runs of history, ms', of('ms of echo at p95, busy'), 20),
    under('tui, gateway and host, settled, MiB of PSS', of('MiB of PSS'), 150),
    under('a flood of 100 MB, the tui, MiB above idle', of('MiB above idle in a flood, tui'), 150),
    under('a flood of 100 MB, the tui, cores', of('cores in a flood, tui'), 1),
    atMost('a flood of 100 MB, screenfuls for a frame', of('screenfuls for a frame of a flood'), 1),
    atMost('a delta, screenfuls', of('screenfuls for a delta, at most'), 1),
    atMost('at rest, bytes written in 5 s', of('bytes written in 5 s of rest'), 0),
    under('at rest, all three processes, ms of CPU a second', sum('ms of CPU a second at rest'), 5),
  ]
  return goals.filter(({value}) => !Number.isNaN(value))
}

function atMost(text: string, value: number, goal: number): Goal {
  return {text: `${text}, at most ${goal}`, value, isReached: value <= goal}
}

function under(text: string, value: number, goal: number): Goal {
  return {text: `${text}, under ${goal}`, value, isReached: value < goal}
}

function median(values: readonly Value[], metric: string, contender: Contender = 'holdfast'): number {
  return medianOf(
    values.filter((each) => each.metric === metric && each.contender === contender).map(({value}) => value),
  )
}

function format(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(value < 10 ? 2 : 1)
}
