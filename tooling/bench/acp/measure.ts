/** One measurement, in a process of its own. Arguments: the contender, the case. Prints the outcome as one line of JSON. */
import {medianOf} from '../report.ts'
import type {Contender} from './contender.ts'

const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  holdfast: async () => (await import('./holdfast.ts')).holdfast,
  '@holdfast/acp': async () => (await import('./conversation.ts')).conversation,
  'acp-sdk': async () => (await import('./acp-sdk.ts')).acpSdk,
}

const chunks = 100_000
const repetitions = 3

/** Each returns ms. */
const cases: Readonly<Record<string, (contender: Contender) => Promise<number>>> = {
  async stream(contender) {
    const client = await contender.start()
    await client.prompt(String(chunks / 10))
    const ms = await timesOf(async () => {
      const received = await client.prompt(String(chunks))
      if (received !== chunks) throw new Error(`Expected ${chunks} chunks, got ${received}`)
    })
    await client.stop()
    return ms
  },
  async 'come-back'(contender) {
    const client = await contender.start()
    // Within the budget of restarts.
    const ms = await timesOf(() => contender.comeBack(client), 1)
    await client.stop()
    return ms
  },
}

async function timesOf(work: () => Promise<void>, times = repetitions): Promise<number> {
  const measured: number[] = []
  for (let time = 0; time < times; time++) {
    const startedAt = performance.now()
    await work()
    measured.push(performance.now() - startedAt)
  }
  return medianOf(measured)
}

const [, , name = '', which = ''] = process.argv
const contender = await contenders[name]!()
console.log(JSON.stringify({value: await cases[which]!(contender)}))
process.exit()
