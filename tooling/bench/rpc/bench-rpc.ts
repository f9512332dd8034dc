import {execFile, type ExecFileException} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'

import {rotate, type Bench} from '../bench.ts'
import {atLeast, atMost, type Measurement} from '../report.ts'
import {contenders} from './contenders.ts'
import {workloads} from './workloads.ts'

/** A measurement that takes longer hangs. */
const timeoutMs = 60_000
const names = Object.keys(contenders)

/** Every contender in every round, in processes of its own, in another order each time. */
export const benchRpc: Bench = {
  cases: Object.keys(workloads),
  contenders: names,
  async *measure({rounds, only}) {
    for (let round = 1; round <= rounds; round++) {
      for (const metric of only) {
        for (const contender of rotate(names, round)) {
          yield {round, contender, metric, ...(await measure('rpc', contender, metric))}
        }
      }
    }
  },
  goals(median) {
    const rates = ['requests per second', 'events per second'].flatMap((metric) => {
      const others = ['vscode-jsonrpc', 'mcp-sdk', 'acp-sdk'].map((name) => median(metric, name))
      const best = Math.max(...others.filter((value) => !Number.isNaN(value)))
      return [
        atLeast(`${metric}: ratio to the baseline`, median(metric) / median(metric, 'baseline'), 0.8),
        atLeast(`${metric}: ratio to the best of the others`, median(metric) / best, 2),
      ]
    })
    const message = 'ms for a message of 30 MiB'
    const growth = 'MiB of growth over 2 million events'
    return [
      ...rates,
      atMost('a message of 30 MiB: time, ratio to the baseline', median(message) / median(message, 'baseline'), 1.5),
      atMost(growth, median(growth), 20),
    ]
  },
}

type Outcome = Pick<Measurement, 'value' | 'problem'>

/** One measurement in processes of its own. */
export async function measure(subject: 'rpc' | 'serve', contender: string, workload: string): Promise<Outcome> {
  const file = join(import.meta.dirname, 'measure.ts')
  try {
    // Without the source condition, so that the benchmark measures the published code.
    const {stdout} = await promisify(execFile)(process.execPath, [file, subject, contender, workload], {
      timeout: timeoutMs,
    })
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcome
  } catch (error) {
    return {problem: describe(error as ExecFileException & {stderr: string})}
  }
}

/** The error that Node printed, or how the process ended. */
function describe({killed, code, signal, stderr}: ExecFileException & {stderr: string}): string {
  if (killed) return `no end within ${timeoutMs} ms`
  const printed = stderr.split('\n').find((line) => /^\w*Error\b/.test(line))
  return printed ?? `the process exited with ${signal ?? code}`
}
