import {readSync} from 'node:fs'
import {ReadStream} from 'node:tty'

export interface PtyReaderOptions {
  /** Receives every byte, in order, until `onClose`, and may keep the array. */
  onData(data: Uint8Array): void
  /** The terminal has ended, and the descriptor is closed. */
  onClose(): void
}

/** Reads the master side of a PTY. */
export interface PtyReader {
  readonly isClosed: boolean
  /** Delivers the bytes that the PTY still contains, then closes it. Does nothing while paused. */
  drain(): void
  /** Delivers nothing until `resume`; the program blocks when the PTY is full. */
  pause(): void
  resume(): void
}

const SLAB_BYTES = 65_536
/** The longest read from a PTY on Linux; on macOS it is 1024 bytes. */
const LONGEST_READ_BYTES = 4096
/** A read of this length that follows another one within this time, ms, is part of a flood: more will follow. */
const FLOOD_BYTES = 1024
const FLOOD_GAP_MS = 10
/** How long a read in a flood waits for the next one, ms. Any other is delivered at once: it may be a frame, or an echo. */
const GATHER_MS = 1

/**
 * Delivers a flood in large pieces, as each piece has a cost, and short output at once. Needs Node 24: in Node 22, a stream that
 * takes its buffers from a function loses bytes.
 */
export function createPtyReader(fd: number, {onData, onClose}: PtyReaderOptions): PtyReader {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  /** The part of the slab between them is read, but not delivered. */
  let [delivered, read] = [0, 0]
  /** Earlier pieces that wait for `resume`. */
  const waiting: Uint8Array[] = []
  let isPaused = false
  let longReadAt = -Infinity
  let timer: NodeJS.Timeout | undefined

  const deliver = () => {
    clearTimeout(timer)
    timer = undefined
    if (delivered < read) waiting.push(slab.subarray(delivered, read))
    delivered = read
    while (!isPaused && waiting.length > 0) onData(waiting.shift()!)
  }
  const isFlood = (bytes: number) => {
    if (bytes < FLOOD_BYTES) return false
    const before = longReadAt
    longReadAt = performance.now()
    return longReadAt - before < FLOOD_GAP_MS
  }
  const nextBuffer = () => {
    if (slab.length - read < LONGEST_READ_BYTES) {
      deliver()
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      delivered = read = 0
    }
    return slab.subarray(read)
  }
  const stream = new ReadStream(fd, {
    onread: {
      buffer: nextBuffer,
      callback(bytes) {
        read += bytes
        if (isFlood(bytes)) timer ??= setTimeout(deliver, GATHER_MS)
        else deliver()
        // A stream paused in the same turn in which it was opened would go on reading.
        return !isPaused
      },
    },
  })
  // EIO is how a PTY reports that its other side is closed; any other error is its end, too.
  stream.on('error', () => undefined)
  stream.on('close', () => {
    isPaused = false
    deliver()
    onClose()
  })
  stream.resume()

  return {
    get isClosed() {
      return stream.destroyed
    },
    drain() {
      deliver()
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
      // Later: the caller of `resume` does not expect `onData` before it returns.
      timer ??= setTimeout(deliver, GATHER_MS)
      stream.resume()
    },
  }
}

function readSome(fd: number): Uint8Array | undefined {
  const buffer = Buffer.allocUnsafe(SLAB_BYTES)
  try {
    const length = readSync(fd, buffer)
    return length === 0 ? undefined : buffer.subarray(0, length)
  } catch {
    return undefined
  }
}
