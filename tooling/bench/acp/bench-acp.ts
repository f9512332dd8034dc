import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'

import {rotate, type Bench} from '../bench.ts'
import {atMost, type Measurement} from '../report.ts'

const metrics: Readonly<Record<string, string>> = {
  stream: 'ms for 100,000 chunks',
  'come-back': 'ms until a prompt can be sent',
}
const contenders = ['acp-sdk', '@holdfast/acp', 'holdfast']

/** All clients in every round, in processes of their own, in another order each time. */
export const benchAcp: Bench = {
  cases: Object.keys(metrics),
  contenders,
  async *measure({rounds, only}) {
    for (let round = 1; round <= rounds; round++) {
      for (const name of only) {
        for (const contender of rotate(contenders, round)) {
          yield {round, contender, metric: metrics[name]!, ...(await measure(contender, name))}
        }
      }
    }
  },
  goals(median) {
    const ratio = (name: string, contender: string) =>
      median(metrics[name]!, contender) / median(metrics[name]!, 'acp-sdk')
    return contenders
      .slice(1)
      .flatMap((contender) => [
        atMost(`${contender}: 100,000 chunks: time, ratio to the bare SDK client`, ratio('stream', contender), 1.3),
        atMost(
          `${contender}: a killed agent is back: time, ratio to its own start and load`,
          ratio('come-back', contender),
          1.2,
        ),
      ])
  },
}

async function measure(contender: string, name: string): Promise<Pick<Measurement, 'value' | 'problem'>> {
  const file = join(import.meta.dirname, 'measure.ts')
  try {
    // Without the source condition, so that the benchmark measures the published code.
    const {stdout} = await promisify(execFile)(process.execPath, [file, contender, name], {timeout: 60_000})
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as {value: number}
  } catch (error) {
    return {problem: String(error).split('\n')[0]!}
  }
}
