import {rotate, type Bench} from '../bench.ts'
import {atMost} from '../report.ts'
import {cases, metrics, type OpenCase} from './cases.ts'
import type {ContenderKind} from './contender.ts'
import {agentTty} from './contenders/agent-tty.ts'
import {bareBeside} from './contenders/bare-beside.ts'
import {bare} from './contenders/bare.ts'
import {holdfastCommand} from './contenders/holdfast-command.ts'
import {holdfast, holdfastBesideGateway} from './contenders/holdfast.ts'
import {tmux} from './contenders/tmux.ts'

const kinds: Readonly<Record<string, ContenderKind>> = {
  bare,
  'bare, beside': bareBeside,
  holdfast,
  'holdfast, gateway beside': holdfastBesideGateway,
  'holdfast command': holdfastCommand,
  tmux,
}

/** Programs in terminals, driven by a library and by commands. */
export const benchDrive: Bench = {
  cases: Object.keys(cases),
  contenders: [...Object.keys(kinds), 'agent-tty'],
  async *measure({rounds, only, agentTty: named}) {
    const measured = {...kinds, 'agent-tty': agentTty(named)}
    for (const name of only) {
      const {metrics: ofCase, open} = cases[name]!
      await using stack = new AsyncDisposableStack()
      const openings = new Map<string, Promise<OpenCase>>()
      for (let round = 1; round <= rounds; round++) {
        for (const [contender, kind] of rotate(Object.entries(measured), round)) {
          const opening = openings.get(contender) ?? open(kind).then((opened) => stack.use(opened))
          openings.set(contender, opening)
          try {
            const figures = await (await opening).measure()
            for (const metric of ofCase) yield {round, contender, metric, value: figures[metric]!}
          } catch (error) {
            for (const metric of ofCase) yield {round, contender, metric, problem: (error as Error).message}
          }
        }
      }
    }
  },
  goals(median) {
    const inProcess = [metrics.wait, metrics.snapshot, metrics.runTrue]
    return [
      ...inProcess.map((metric) =>
        atMost(`holdfast in process: ${metric}, ratio to bare`, median(metric) / median(metric, 'bare'), 1.5),
      ),
      ...Object.values(metrics).map((metric) =>
        atMost(
          `holdfast command: ${metric}, ratio to agent-tty`,
          median(metric, 'holdfast command') / median(metric, 'agent-tty'),
          1 / 3,
        ),
      ),
    ]
  },
}
