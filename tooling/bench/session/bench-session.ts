import type {BenchCase, Figures} from './bench-case.ts'
import {append} from './cases/append.ts'
import {cat} from './cases/cat.ts'
import {firstScreen} from './cases/first-screen.ts'
import {flood} from './cases/flood.ts'
import {idle} from './cases/idle.ts'
import {interrupt} from './cases/interrupt.ts'
import {list} from './cases/list.ts'
import {manySessions} from './cases/many-sessions.ts'
import {recovery} from './cases/recovery.ts'
import {runTrue} from './cases/run-true.ts'

export const CASES: Readonly<Record<string, BenchCase>> = {
  recovery,
  'first-screen': firstScreen,
  append,
  flood,
  'many-sessions': manySessions,
  'run-true': runTrue,
  idle,
  interrupt,
  cat,
  list,
}

export interface Measurement {
  round: number
  case: string
  step: string
  figures: Figures
}

/** Does each step of each case in each round, in another order each time. */
export async function* benchSession(rounds: number, names: readonly string[]): AsyncGenerator<Measurement> {
  for (const name of names) {
    await using stage = await CASES[name]!.open()
    const steps = Object.entries(stage.steps)
    for (let round = 1; round <= rounds; round++) {
      const first = round % steps.length
      for (const [step, measure] of [...steps.slice(first), ...steps.slice(0, first)])
        yield {round, case: name, step, figures: await measure()}
    }
  }
}
