import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

import type {Answerer} from '../schedule/schedule.ts'
import type {BuildUnderTest} from './build-under-test.ts'
import type {ClientMessage, DriverMessage} from './client-messages.ts'

export interface ClientChildOptions {
  build: BuildUnderTest
  /** @default creates a session */
  sessionId: string | undefined
  /** Of a new session. */
  answerer: Answerer
  /** The client receives the events after this seq. */
  afterSeq: number
  /** Gets the events that the client receives. */
  eventsFile: string
  cwd: string
  env: Readonly<Record<string, string>>
  onMessage: (message: ClientMessage) => void
}

/** A running client program. */
export interface ClientChild {
  readonly pid: number
  send(message: DriverMessage): void
  /** The harness is going to kill it: its exit is no error. */
  expectExit(): void
  /** Ends its stdin and waits for its exit. */
  close(): Promise<void>
}

export function startClientChild(options: ClientChildOptions): ClientChild {
  const {build, answerer, sessionId = `new ${answerer}`, afterSeq, eventsFile, cwd, env, onMessage} = options
  const args = [build.clientProgram, build.cli, sessionId, String(afterSeq), eventsFile]
  // Without the cache, Node would spend more time on stripping types than the client on its work.
  const cache = {NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/client')}
  const child = spawn(process.execPath, ['--conditions=holdfast-source', ...args], {
    cwd,
    env: {...env, ...cache},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let isExitExpected = false
  createInterface({input: child.stdout}).on('line', (line) => onMessage(JSON.parse(line) as ClientMessage))
  // The next client gets the requests that a killed one did not read.
  child.stdin.on('error', () => undefined)
  void exited.then(([code, signal]) => {
    if (isExitExpected || code === 0) return
    onMessage({kind: 'error', message: `The client exited with ${String(code ?? signal)}`})
  })
  return {
    pid: child.pid ?? 0,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    expectExit: () => void (isExitExpected = true),
    async close() {
      child.stdin.end()
      await exited
    },
  }
}
