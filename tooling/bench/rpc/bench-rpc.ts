import {execFile, type ExecFileException} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {CONTENDERS} from './contenders.ts'
import {WORKLOADS, type WorkloadName} from './workloads.ts'

export interface Measurement {
  round: number
  contender: string
  workload: WorkloadName
  /** Missing: it could not do it; `problem` says why. */
  value?: number
  problem?: string
}

/** No measurement takes as long, unless it hangs. */
const TIMEOUT_MS = 60_000

/** Measures all contenders side by side: each in each round, in another order each time, in processes of its own. */
export async function* benchRpc(rounds: number): AsyncGenerator<Measurement> {
  const names = Object.keys(CONTENDERS)
  for (let round = 1; round <= rounds; round++) {
    for (const workload of Object.keys(WORKLOADS) as WorkloadName[]) {
      const first = round % names.length
      for (const contender of [...names.slice(first), ...names.slice(0, first)]) {
        yield {round, contender, workload, ...(await measure(contender, workload))}
      }
    }
  }
}

async function measure(contender: string, workload: WorkloadName): Promise<{value?: number; problem?: string}> {
  const file = fileURLToPath(new URL('measure.ts', import.meta.url))
  try {
    // Without our condition: what is measured is what is published.
    const {stdout} = await promisify(execFile)(process.execPath, [file, contender, workload], {timeout: TIMEOUT_MS})
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as {value?: number; problem?: string}
  } catch (error) {
    return {problem: problemOf(error as ExecFileException & {stderr: string})}
  }
}

/** What it died of: the error that Node printed, or how it ended. */
function problemOf({killed, code, signal, stderr}: ExecFileException & {stderr: string}): string {
  if (killed) return `Expected an end within ${TIMEOUT_MS} ms, got none`
  const printed = stderr.split('\n').find((line) => /^\w*Error\b/.test(line))
  return printed ?? `Expected its process to measure, got one that ended with ${signal ?? code}`
}
