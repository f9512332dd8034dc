import {medianOf, type Goal} from '../goal.ts'

/** What one step has measured, by names that say what it is and its unit. */
export type Figures = Readonly<Record<string, number>>

/** One thing that is measured beside what it is compared with. */
export interface BenchCase {
  /** Makes ready; what was made is removed on disposal. */
  open(): Promise<Stage>
  /** `median`: of a figure, over all rounds; NaN where it was never measured. */
  goals(median: (figure: string) => number): Goal[]
}

export interface Stage extends AsyncDisposable {
  /** One after another in each round, in another order each time. */
  readonly steps: Readonly<Record<string, () => Promise<Figures>>>
}

export function atLeast(text: string, value: number, goal: number): Goal {
  return {text: `${text}, at least ${goal}`, value, isReached: value >= goal}
}

export function atMost(text: string, value: number, goal: number): Goal {
  return {text: `${text}, at most ${goal}`, value, isReached: value <= goal}
}

/** Measures so many times, one after another. */
export async function medianTime(count: number, measure: () => Promise<number>): Promise<number> {
  const times: number[] = []
  while (times.length < count) times.push(await measure())
  return medianOf(times)
}
