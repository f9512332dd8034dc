import {readSync} from 'node:fs'
import {ReadStream} from 'node:tty'

export interface PtyReaderOptions {
  /** Every byte, in order, until `onClose`. What it gets is its own. */
  onData(data: Uint8Array): void
  /** The end was reached, and the descriptor is closed. */
  onClose(): void
}

/** Reads our end of a terminal. */
export interface PtyReader {
  readonly isClosed: boolean
  /** Hands on what the terminal holds yet, without waiting for more, and closes it; not while it is paused. */
  drain(): void
  /** Nothing is handed on until `resume`; the program waits when the terminal is full. */
  pause(): void
  resume(): void
}

const slabBytes = 65_536
/** What a terminal of Linux gives in one read; one of macOS gives 1024 bytes. */
const longestRead = 4096
/** A read so long says that there is more. */
const floodedBytes = 1024
/** How long that waits for what follows, ms. A short read does not wait. */
const gatherMs = 1

/** Of a flood it hands on large pieces, as each has a price; what is short it hands on at once. */
export function createPtyReader(fd: number, {onData, onClose}: PtyReaderOptions): PtyReader {
  let slab = Buffer.allocUnsafeSlow(slabBytes)
  /** Of the slab: what is read and not handed on is between them. */
  let [given, read] = [0, 0]
  /** What comes before that and waits for `resume`. */
  const held: Uint8Array[] = []
  let isPaused = false
  let timer: NodeJS.Timeout | undefined

  const give = () => {
    clearTimeout(timer)
    timer = undefined
    if (given < read) held.push(slab.subarray(given, read))
    given = read
    while (!isPaused && held.length > 0) onData(held.shift()!)
  }
  /** Where the next bytes go. */
  const room = () => {
    if (slab.length - read < longestRead) {
      give()
      slab = Buffer.allocUnsafeSlow(slabBytes)
      given = read = 0
    }
    return slab.subarray(read)
  }
  const stream = new ReadStream(fd, {
    onread: {
      buffer: room,
      callback(bytes) {
        read += bytes
        if (bytes < floodedBytes) give()
        else timer ??= setTimeout(give, gatherMs)
        // A stream that is paused in the turn in which it was opened would read on.
        return !isPaused
      },
    },
  })
  // EIO is how a terminal says that nobody is at the other end; whatever else it says, it is the end.
  stream.on('error', () => undefined)
  stream.on('close', () => {
    isPaused = false
    give()
    onClose()
  })
  stream.resume()

  return {
    get isClosed() {
      return stream.destroyed
    },
    drain() {
      give()
      while (!isPaused && !stream.destroyed) {
        const data = readSome(fd)
        if (data) onData(data)
        else stream.destroy()
      }
    },
    pause() {
      isPaused = true
      stream.pause()
    },
    resume() {
      isPaused = false
      // Whoever resumes is not called in the middle of that.
      timer ??= setTimeout(give, gatherMs)
      stream.resume()
    },
  }
}

function readSome(fd: number): Uint8Array | undefined {
  const buffer = Buffer.allocUnsafe(slabBytes)
  try {
    const length = readSync(fd, buffer)
    return length === 0 ? undefined : buffer.subarray(0, length)
  } catch {
    return undefined
  }
}
