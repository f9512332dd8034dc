import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import type {ClientWord, PromptWord} from './client-words.ts'

export interface DrivenClientOptions {
  cli: string
  sessionId: string | undefined
  eventsFile: string
  cwd: string
  env: Readonly<Record<string, string>>
  onWord: (word: ClientWord) => void
}

/** A client process at work. */
export interface DrivenClient {
  readonly pid: number
  submit(prompt: PromptWord): void
  /** It will be killed: its end is no fault. */
  expectDeath(): void
  /** Tells it to end in order, and waits for it. */
  close(): Promise<void>
}

const script = fileURLToPath(new URL('./client-process.ts', import.meta.url))

export function startClient(options: DrivenClientOptions): DrivenClient {
  const {cli, sessionId = 'new', eventsFile, cwd, env, onWord} = options
  const args = ['--conditions=holdfast-source', script, cli, sessionId, eventsFile]
  const child = spawn(process.execPath, args, {cwd, env: {...env}, stdio: ['pipe', 'pipe', 'inherit']})
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
    submit: (prompt) => void child.stdin.write(`${JSON.stringify(prompt)}\n`),
    expectDeath() {
      isDeathExpected = true
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
