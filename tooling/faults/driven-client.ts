import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

import type {ClientWord, DriverWord} from './client-words.ts'
import type {Product} from './product.ts'

export interface DrivenClientOptions {
  product: Product
  sessionId: string | undefined
  /** It wants the events after this seq. */
  afterSeq: number
  eventsFile: string
  cwd: string
  env: Readonly<Record<string, string>>
  onWord: (word: ClientWord) => void
}

/** A client process at work: one life of a client. */
export interface DrivenClient {
  readonly pid: number
  tell(word: DriverWord): void
  /** It will be killed: its end is no fault. */
  expectDeath(): void
  /** Tells it to end in order, and waits for it. */
  close(): Promise<void>
}

export function startClient(options: DrivenClientOptions): DrivenClient {
  const {product, sessionId = 'new', afterSeq, eventsFile, cwd, env, onWord} = options
  const {cli, client} = product
  const args = ['--conditions=holdfast-source', client, cli, sessionId, String(afterSeq), eventsFile]
  // It is run from its sources: to compile them anew each time would take longer than what it does.
  const cache = {NODE_COMPILE_CACHE: join(tmpdir(), 'holdfast-faults-cache')}
  const child = spawn(process.execPath, args, {cwd, env: {...env, ...cache}, stdio: ['pipe', 'pipe', 'inherit']})
  const ended = once(child, 'exit')
  let isDeathExpected = false
  createInterface({input: child.stdout}).on('line', (line) => onWord(JSON.parse(line) as ClientWord))
  // What a killed client did not read is sent to the next one.
  child.stdin.on('error', () => undefined)
  void ended.then(([code, signal]) => {
    if (!isDeathExpected && code !== 0)
      onWord({kind: 'fault', message: `The client ended with ${String(code ?? signal)}`})
  })
  return {
    pid: child.pid ?? 0,
    tell: (word) => void child.stdin.write(`${JSON.stringify(word)}\n`),
    expectDeath() {
      isDeathExpected = true
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
