import {stripVTControlCharacters} from 'node:util'
import {StringDecoder} from 'node:string_decoder'

import {spawn} from '@lydell/node-pty'

export interface ProbeOptions {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
}

/** A program in a real terminal without an emulator, so that nothing is measured but the program. 80 × 24. */
export interface Probe extends AsyncDisposable {
  readonly pid: number
  /** When it was started, as `performance.now()` has it. */
  readonly startedAt: number
  /** How much it has written, bytes. */
  readonly byteCount: number
  /** Of what was written since the last `reset`, in one piece without a pause, at most so many bytes. */
  readonly longestBurst: number
  /** Forgets what was written before. */
  reset(): void
  write(keys: string): void
  /** Resolves with the time when a text, or a match, was written since the last `reset`; colours and cursor moves do not count. */
  waitFor(what: string | RegExp, options?: {timeoutMs?: number}): Promise<number>
}

export const screen = {cols: 80, rows: 24} as const

/** Of what was written, so much is looked at, in UTF-16 units: more than any screenful. */
const windowLength = 32_768

/** What is written with a longer pause in between is two pieces, ms. Frames of 30 a second are. */
const burstGapMs = 15

export function openProbe({command, args, env, cwd}: ProbeOptions): Probe {
  const startedAt = performance.now()
  const pty = spawn(command, [...args], {...screen, env: {...env}, cwd, encoding: null})
  const gone = Promise.withResolvers<void>()
  pty.onExit(() => gone.resolve())
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
          finish(() => reject(new Error(`Expected ${String(what)} within ${timeoutMs} ms, got:\n${written}`)))
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
      // The window is closed: what still runs in it is hung up.
      ;(pty as unknown as {destroy(): void}).destroy()
      await gone.promise
    },
  }
}
