/**
 * One measurement, in a process of its own: feeds a sample in chunks of 4 KiB for about a second, then ends the run. Several
 * counts of abandoned runs are measured by turns, because the speed of the machine varies. Arguments: the contender, the
 * sample, the counts with commas, the folder of agent-tty. Prints the median MB/s for each count, as JSON.
 */
import {medianOf} from '../report.ts'
import type {Contender} from './contender.ts'
import {samples, type SampleName} from './samples.ts'

const chunkBytes = 4096
const warmUpMs = 300
/** The least duration of a turn: it feeds whole samples. */
const turnMs = 10
/** For each count. A fast contender has about a hundred turns in it, a slow one a single turn. */
const measureMs = 1000

type Started = ReturnType<Contender['start']>

const [, , name = '', sampleName = '', counts = '0', folder = ''] = process.argv
const sample = samples[sampleName as SampleName]()
const contender = await load(name)
const measured = counts
  .split(',')
  .map((count) => ({started: contender.start(Number(count)), fed: 0, rates: [] as number[]}))

for (const each of measured) each.fed += await feed(each.started, warmUpMs)
const deadline = performance.now() + measureMs * measured.length
for (let turn = 0; turn === 0 || performance.now() < deadline; turn++) {
  for (const each of turn % 2 === 0 ? measured : measured.toReversed()) {
    const startedAt = performance.now()
    const bytes = await feed(each.started, turnMs)
    each.rates.push(bytes / 1e3 / (performance.now() - startedAt))
    each.fed += bytes
  }
}
for (const {started, fed} of measured) await endRun(started, fed)
console.log(JSON.stringify(measured.map(({rates}) => medianOf(rates))))

async function feed({ingest}: Started, ms: number): Promise<number> {
  let bytes = 0
  for (const end = performance.now() + ms; performance.now() < end;) {
    for (let at = 0; at < sample.length; at += chunkBytes) await ingest(sample.subarray(at, at + chunkBytes))
    bytes += sample.length
  }
  return bytes
}

async function endRun({ingest, sentinel, out}: Started, fed: number): Promise<void> {
  if (sentinel === undefined) return
  await ingest(Buffer.from(sentinel))
  if (out.ends !== 1 || out.bytes !== fed)
    throw new Error(`Expected ${fed} bytes and 1 end, got ${out.bytes} and ${out.ends}`)
}

async function load(contenderName: string): Promise<Contender> {
  if (contenderName === 'holdfast') return (await import('./contenders/holdfast.ts')).holdfast
  if (contenderName === 'baseline') return (await import('./contenders/baseline.ts')).baseline
  return (await import('./contenders/agent-tty.ts')).loadAgentTty(folder)
}
