import {medianOf, type Goal} from '../report.ts'

/** The measurements of a step, by names that include the unit. */
export type Figures = Readonly<Record<string, number>>

/** One thing to measure, beside something to compare it with. */
export interface BenchCase {
  open(): Promise<OpenCase>
  /** `median`: of a figure over all rounds. */
  goals(median: (figure: string) => number): Goal[]
}

export interface OpenCase extends AsyncDisposable {
  /** Run one after another in each round, in another order each time. */
  readonly steps: Readonly<Record<string, () => Promise<Figures>>>
}

/** The median of `count` measurements, one after another. */
export async function medianTime(count: number, measure: () => Promise<number>): Promise<number> {
  const times: number[] = []
  while (times.length < count) times.push(await measure())
  return medianOf(times)
}
