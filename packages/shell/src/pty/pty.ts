import {writeSync} from 'node:fs'
import {constants} from 'node:os'

import {closingLauncher} from './closing-launcher.ts'
import {loadNativePty} from './native-pty.ts'
import {createPtyReader} from './pty-reader.ts'
import type {ShellExit, Size} from '../shell.ts'

export interface PtyOptions {
  cwd: string
  env: Readonly<Record<string, string>>
  size: Size
  /** The program inherits the open descriptors of this process, and starts in half the time: for one that ends at once. @default false */
  inherits?: boolean
  /** Receives every byte, in order, until `closed`. */
  onData(data: Uint8Array): void
}

/** A program on a PTY of its own, and the master side of that PTY. */
export interface Pty {
  readonly pid: number
  /** Never blocks. Bytes that the PTY does not accept yet wait in memory; see `waitingBytes`. */
  write(data: Uint8Array): void
  /** Drops the bytes that wait to be written. */
  discard(): void
  readonly waitingBytes: number
  resize(size: Size): void
  pause(): void
  resume(): void
  /** Signals the program, not its group; false if it is gone. */
  kill(signal: NodeJS.Signals): boolean
  /** The program has exited; its last output may not have been delivered. */
  readonly isGone: boolean
  readonly exited: Promise<ShellExit>
  /** Resolves when the program has exited and all its output was delivered. */
  readonly closed: Promise<ShellExit>
}

/** Processes that outlive the shell may keep its terminal open; then the PTY never reports its end. */
const DRAIN_MS = 50
const WRITE_AGAIN_MS = 5

/** Starts a program on a new PTY. Throws if the system cannot create another PTY or process. */
export function startPty(file: string, args: readonly string[], options: PtyOptions): Pty {
  const {cwd, env, size, inherits = false, onData} = options
  const {pty: native, helperPath} = loadNativePty()
  const exited = Promise.withResolvers<ShellExit>()
  const drained = Promise.withResolvers<void>()
  let hasExited = false
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let writeAgain: NodeJS.Timeout | undefined

  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const onExit = (code: number, signal: number) => {
    hasExited = true
    exited.resolve(
      signal === 0 ? {exitCode: code, signal: undefined} : {exitCode: undefined, signal: signalName(signal)},
    )
    drainSoon()
  }
  const [program = file, ...words] = [...(inherits ? [] : closingLauncher()), file, ...args]
  const {fd, pid} = native.fork(program, words, pairs, cwd, size.cols, size.rows, -1, -1, true, helperPath, onExit)

  const reader = createPtyReader(fd, {
    onData,
    onClose() {
      discard()
      drained.resolve()
    },
  })

  function discard(): void {
    clearTimeout(writeAgain)
    writeAgain = undefined
    waiting = []
    waitingBytes = 0
  }

  // The stream's own write would block, see native-pty.ts.
  function flush(): void {
    writeAgain = undefined
    while (waiting.length > 0 && !reader.isClosed) {
      const first = waiting[0]!
      const written = writeSome(fd, first)
      waitingBytes -= written
      if (written === first.length) waiting.shift()
      else {
        waiting[0] = first.subarray(written)
        writeAgain = setTimeout(flush, WRITE_AGAIN_MS)
        return
      }
    }
  }

  function drainSoon(): void {
    setTimeout(reader.drain, DRAIN_MS)
  }

  return {
    pid,
    write(data) {
      if (reader.isClosed) return
      waiting.push(data)
      waitingBytes += data.length
      if (!writeAgain) flush()
    },
    discard,
    get waitingBytes() {
      return waitingBytes
    },
    resize({cols, rows}) {
      if (!reader.isClosed) native.resize(fd, cols, rows)
    },
    pause: reader.pause,
    resume() {
      reader.resume()
      if (hasExited) drainSoon()
    },
    kill(signal) {
      return !hasExited && sendSignal(pid, signal)
    },
    get isGone() {
      return hasExited || !sendSignal(pid, 0)
    },
    exited: exited.promise,
    closed: Promise.all([exited.promise, drained.promise]).then(([exit]) => exit),
  }
}

/** Writes without blocking; returns how many bytes the PTY accepted. */
function writeSome(fd: number, data: Uint8Array): number {
  try {
    return writeSync(fd, data)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
    // The reader meets the same error, and ends.
    return data.length
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
}
