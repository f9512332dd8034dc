/**
 * One measurement, in a process of its own: feeds a text in chunks of 4 KiB for about a second, then ends the run.
 * Arguments: the contender, the text, how many runs were given up before, and for agent-tty its folder. Prints JSON.
 */
import type {Contender} from './contender.ts'
import {TEXTS, type TextName} from './texts.ts'

const CHUNK_BYTES = 4096
const WARM_UP_MS = 300
const MEASURE_MS = 1000

const [, , name = '', textName = '', abandoned = '0', folder = ''] = process.argv
const {ingest, sentinel, out} = (await load(name)).start(Number(abandoned))
const text = TEXTS[textName as TextName]()
let fed = await feed(WARM_UP_MS)
const began = performance.now()
const measured = await feed(MEASURE_MS)
const seconds = (performance.now() - began) / 1000
fed += measured
if (sentinel !== undefined) {
  await ingest(Buffer.from(sentinel))
  // Of multi-byte characters a contender that takes text may count less.
  if (out.ends !== 1 || out.bytes !== fed)
    throw new Error(`Expected ${fed} bytes and 1 end, got ${out.bytes} and ${out.ends}`)
}
console.log(JSON.stringify({value: measured / seconds / 1e6}))

async function feed(ms: number): Promise<number> {
  let bytes = 0
  for (const until = performance.now() + ms; performance.now() < until;) {
    for (let at = 0; at < text.length; at += CHUNK_BYTES) await ingest(text.subarray(at, at + CHUNK_BYTES))
    bytes += text.length
  }
  return bytes
}

async function load(contender: string): Promise<Contender> {
  if (contender === 'holdfast') return (await import('./contenders/holdfast.ts')).holdfast
  if (contender === 'limit') return (await import('./contenders/limit.ts')).limit
  return (await import('./contenders/agent-tty.ts')).loadAgentTty(folder)
}
