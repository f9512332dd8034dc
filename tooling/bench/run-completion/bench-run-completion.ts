import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'

import {rotate, type Bench} from '../bench.ts'
import {atLeast, atMost} from '../report.ts'
import {samples} from './samples.ts'

const abandonedRuns = 5000
/** agent-tty takes longer to prepare than to be measured. */
const timeoutMs = 120_000
const rate = (sample: string) => `MB/s, ${sample}`
const slowdown = (sample: string) => `time with ${abandonedRuns} runs abandoned before, ratio, ${sample}`

/** Every contender in every round, in processes of its own, in another order each time. */
export const benchRunCompletion: Bench = {
  cases: Object.keys(samples),
  contenders: ['baseline', 'holdfast', 'agent-tty'],
  async *measure({rounds, only, agentTty}) {
    const contenders = ['baseline', 'holdfast', ...(agentTty === undefined ? [] : ['agent-tty'])]
    for (let round = 1; round <= rounds; round++) {
      for (const sample of only) {
        for (const contender of rotate(contenders, round)) {
          const counts = contender === 'holdfast' ? `0,${abandonedRuns}` : '0'
          const outcome = await measure([contender, sample, counts, agentTty ?? ''])
          const metric = rate(sample)
          if ('problem' in outcome) {
            yield {round, contender, metric, ...outcome}
            continue
          }
          const [idle = NaN, busy] = outcome.values
          yield {round, contender, metric, value: idle}
          if (busy !== undefined) yield {round, contender, metric: slowdown(sample), value: idle / busy}
        }
      }
    }
  },
  goals: (median) =>
    Object.keys(samples).flatMap((sample) => [
      atLeast(`${sample}: ratio to agent-tty`, median(rate(sample)) / median(rate(sample), 'agent-tty'), 10),
      atMost(slowdown(sample), median(slowdown(sample)), 1.2),
    ]),
}

async function measure(args: string[]): Promise<{values: number[]} | {problem: string}> {
  const file = join(import.meta.dirname, 'measure.ts')
  try {
    // Without the source condition, so that the benchmark measures the published code.
    const {stdout} = await promisify(execFile)(process.execPath, [file, ...args], {timeout: timeoutMs})
    return {values: JSON.parse(stdout.trim()) as number[]}
  } catch (error) {
    return {problem: error instanceof Error ? error.message : String(error)}
  }
}
