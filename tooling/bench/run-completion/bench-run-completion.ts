import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {TEXTS, type TextName} from './texts.ts'

export interface Measurement {
  round: number
  contender: string
  text: TextName
  /** Runs given up before the one that is active. */
  abandoned: number
  /** MB/s. Missing: it could not do it; `problem` says why. */
  value?: number
  problem?: string
}

export const ABANDONED = 5000
/** agent-tty takes longer to get ready than to be measured. */
const TIMEOUT_MS = 120_000

/** Measures all contenders side by side, each in a process of its own, in another order in each round. */
export async function* benchRunCompletion(rounds: number, agentTty: string | undefined): AsyncGenerator<Measurement> {
  const contenders = ['limit', 'holdfast', ...(agentTty === undefined ? [] : ['agent-tty'])]
  for (let round = 1; round <= rounds; round++) {
    for (const text of Object.keys(TEXTS) as TextName[]) {
      const first = round % contenders.length
      for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
        const counts = contender === 'holdfast' ? [0, ABANDONED] : [0]
        const {values, problem} = await measure([contender, text, counts.join(','), agentTty ?? ''])
        for (const [at, abandoned] of counts.entries()) {
          const value = values?.[at]
          yield {
            round,
            contender,
            text,
            abandoned,
            ...(value === undefined ? {} : {value}),
            ...(problem === undefined ? {} : {problem}),
          }
        }
      }
    }
  }
}

async function measure(words: string[]): Promise<{values?: number[]; problem?: string}> {
  const file = fileURLToPath(new URL('measure.ts', import.meta.url))
  try {
    // Without our condition: what is measured is what is published.
    const {stdout} = await promisify(execFile)(process.execPath, [file, ...words], {timeout: TIMEOUT_MS})
    return {values: JSON.parse(stdout.trim()) as number[]}
  } catch (error) {
    return {problem: error instanceof Error ? error.message.slice(0, 500) : String(error)}
  }
}
