/**
 * One measurement, in a process of its own: feeds a text in chunks of 4 KiB for about a second, then ends the run. Where
 * several counts of runs given up before are named, they are measured by turns, as the machine is not always as fast.
 * Arguments: the contender, the text, the counts with commas, and for agent-tty its folder. Prints as JSON the MB/s of each,
 * the median of its turns.
 */
import {medianOf} from '../goal.ts'
import type {Contender} from './contender.ts'
import {TEXTS, type TextName} from './texts.ts'

const CHUNK_BYTES = 4096
const WARM_UP_MS = 300
/** At least; a turn feeds the whole text. */
const TURN_MS = 10
/** Of each: some hundred turns, or one of somebody slow. */
const MEASURE_MS = 1000

type Started = ReturnType<Contender['start']>

const [, , name = '', textName = '', counts = '0', folder = ''] = process.argv
const text = TEXTS[textName as TextName]()
const contender = await load(name)
const measured = counts
  .split(',')
  .map((count) => ({started: contender.start(Number(count)), fed: 0, rates: [] as number[]}))

for (const each of measured) each.fed += await feed(each.started, WARM_UP_MS)
const until = performance.now() + MEASURE_MS * measured.length
for (let turn = 0; turn === 0 || performance.now() < until; turn++) {
  for (const each of turn % 2 === 0 ? measured : measured.toReversed()) {
    const began = performance.now()
    const bytes = await feed(each.started, TURN_MS)
    each.rates.push(bytes / 1e3 / (performance.now() - began))
    each.fed += bytes
  }
}
for (const {started, fed} of measured) await endRun(started, fed)
console.log(JSON.stringify(measured.map(({rates}) => medianOf(rates))))

async function feed({ingest}: Started, ms: number): Promise<number> {
  let bytes = 0
  for (const end = performance.now() + ms; performance.now() < end;) {
    for (let at = 0; at < text.length; at += CHUNK_BYTES) await ingest(text.subarray(at, at + CHUNK_BYTES))
    bytes += text.length
  }
  return bytes
}

async function endRun({ingest, sentinel, out}: Started, fed: number): Promise<void> {
  if (sentinel === undefined) return
  await ingest(Buffer.from(sentinel))
  // Of multi-byte characters a contender that takes text may count less.
  if (out.ends !== 1 || out.bytes !== fed)
    throw new Error(`Expected ${fed} bytes and 1 end, got ${out.bytes} and ${out.ends}`)
}

async function load(contenderName: string): Promise<Contender> {
  if (contenderName === 'holdfast') return (await import('./contenders/holdfast.ts')).holdfast
  if (contenderName === 'limit') return (await import('./contenders/limit.ts')).limit
  return (await import('./contenders/agent-tty.ts')).loadAgentTty(folder)
}
