import {rotate, type Bench} from '../bench.ts'
import type {BenchCase} from './bench-case.ts'
import {append} from './cases/append.ts'
import {cat} from './cases/cat.ts'
import {firstScreen} from './cases/first-screen.ts'
import {flood} from './cases/flood.ts'
import {idle} from './cases/idle.ts'
import {interrupt} from './cases/interrupt.ts'
import {list} from './cases/list.ts'
import {manySessions} from './cases/many-sessions.ts'
import {programInput} from './cases/program-input.ts'
import {recovery} from './cases/recovery.ts'
import {runTrue} from './cases/run-true.ts'

const cases: Readonly<Record<string, BenchCase>> = {
  recovery,
  'first-screen': firstScreen,
  append,
  flood,
  'many-sessions': manySessions,
  'run-true': runTrue,
  idle,
  interrupt,
  'program-input': programInput,
  cat,
  list,
}
const contender = 'holdfast'
const metricOf = (name: string, figure: string) => `${name}: ${figure}`

/** What a session costs. The figures to compare with have names of their own, so there is one column only. */
export const benchSession: Bench = {
  cases: Object.keys(cases),
  contenders: [contender],
  async *measure({rounds, only}) {
    for (const name of only) {
      await using open = await cases[name]!.open()
      const steps = Object.values(open.steps)
      for (let round = 1; round <= rounds; round++) {
        for (const step of rotate(steps, round)) {
          for (const [figure, value] of Object.entries(await step())) {
            yield {round, contender, metric: metricOf(name, figure), value}
          }
        }
      }
    }
  },
  goals: (median) =>
    Object.entries(cases).flatMap(([name, {goals}]) => goals((figure) => median(metricOf(name, figure)))),
}
