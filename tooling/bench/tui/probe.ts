import {stripVTControlCharacters} from 'node:util'
import {StringDecoder} from 'node:string_decoder'

import {spawn} from '@lydell/node-pty'

export interface ProbeOptions {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
}

/** A program in a pseudo-terminal of 80 × 24, without an emulator that would take time of its own. */
export interface Probe extends AsyncDisposable {
  readonly pid: number
  /** By `performance.now()`. */
  readonly startedAt: number
  /** How much it has written. */
  readonly byteCount: number
  /** The most bytes that it has written without a pause since the last `reset`. */
  readonly longestBurst: number
  /** Forgets the output so far. */
  reset(): void
  write(keys: string): void
  /** Waits for a text in the output since the last `reset`, without control sequences. Resolves with the time. */
  waitFor(what: string | RegExp, options?: {timeoutMs?: number}): Promise<number>
}

export const screen = {cols: 80, rows: 24} as const

/** How much of the output `waitFor` looks at, in UTF-16 units: more than any screenful. */
const windowLength = 32_768

/** A longer pause separates two bursts, ms. Frames at 30 a second are separate. */
const burstGapMs = 15

export function openProbe({command, args, env, cwd}: ProbeOptions): Probe {
  const startedAt = performance.now()
  const pty = spawn(command, [...args], {...screen, env: {...env}, cwd, encoding: null})
  const exited = Promise.withResolvers<void>()
  pty.onExit(() => exited.resolve())
  const decoder = new StringDecoder('utf8')
  let byteCount = 0
  let burst = {bytes: 0, endedAt: 0}
  let longestBurst = 0
  let window = ''
  let look: (() => void) | undefined

  // With `encoding: null` the data are bytes, whatever the type says.
  pty.onData((data) => {
    const bytes = data as unknown as Buffer
    const now = performance.now()
    byteCount += bytes.length
    burst = {bytes: (now - burst.endedAt < burstGapMs ? burst.bytes : 0) + bytes.length, endedAt: now}
    longestBurst = Math.max(longestBurst, burst.bytes)
    window = (window + decoder.write(bytes)).slice(-windowLength)
    look?.()
  })

  return {
    pid: pty.pid,
    startedAt,
    get byteCount() {
      return byteCount
    },
    get longestBurst() {
      return longestBurst
    },
    reset() {
      window = ''
      burst = {bytes: 0, endedAt: 0}
      longestBurst = 0
    },
    write: (keys) => pty.write(keys),
    waitFor(what, {timeoutMs = 30_000} = {}) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer)
          look = undefined
          settle()
        }
        const timer = setTimeout(() => {
          const written = stripVTControlCharacters(window).slice(-2000)
          finish(() => reject(new Error(`${String(what)} was not written within ${timeoutMs} ms, but:\n${written}`)))
        }, timeoutMs)
        look = () => {
          const text = stripVTControlCharacters(window)
          if (typeof what === 'string' ? text.includes(what) : what.test(text)) {
            const now = performance.now()
            finish(() => resolve(now))
          }
        }
        look()
      })
    },
    async [Symbol.asyncDispose]() {
      // Closes the terminal, which hangs up its programs.
      ;(pty as unknown as {destroy(): void}).destroy()
      await exited.promise
    },
  }
}
