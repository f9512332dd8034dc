import type {Goal, Measurement, Median} from './report.ts'

export interface BenchOptions {
  rounds: number
  /** The cases to measure. */
  only: readonly string[]
  /** The folder of a built checkout of agent-tty; for `drive`, also a command. */
  agentTty: string | undefined
}

/** A subject with its cases and goals. */
export interface Bench {
  /** The names for `--only`. */
  readonly cases: readonly string[]
  /** The columns of the table. The first one is the one that the others are compared with. */
  readonly contenders: readonly string[]
  /** Measures every case in every round. */
  measure(options: BenchOptions): AsyncIterable<Measurement>
  /** Goals whose value is NaN were not measured. */
  goals(median: Median): Goal[]
}

/** The items in another order in each round, so that none profits from its place. */
export function rotate<Item>(items: readonly Item[], round: number): Item[] {
  const first = round % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}
