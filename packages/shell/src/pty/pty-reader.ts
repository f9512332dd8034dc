import {readSync} from 'node:fs'
import {ReadStream} from 'node:tty'

import {startFloodThread, type FloodThread} from './flood-thread.ts'

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

/** More than 64 KiB: so much of a flood makes one event. */
const SLAB_BYTES = 69_632
/** The longest read from a PTY on Linux; on macOS it is 1024 bytes. */
const LONGEST_READ_BYTES = 4096
/** After a read of this length, the PTY may contain more. */
const LONG_READ_BYTES = 1000
/** So much output in this time, ms, is a flood. */
const [FLOOD_BYTES, FLOOD_MS] = [2_000_000, 250]

/**
 * Delivers what the PTY contains in one piece, as each piece has a cost. Needs Node 24: in Node 22, a stream that takes its
 * buffers from a function loses bytes.
 */
export function createPtyReader(fd: number, {onData, onClose}: PtyReaderOptions): PtyReader {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  /** The part of the slab between them is read, but not delivered. */
  let [delivered, read] = [0, 0]
  /** Earlier pieces that wait for `resume`. */
  const waiting: Uint8Array[] = []
  let isPaused = false
  let isDraining = false
  let thread: FloodThread | undefined
  let isThreadReading = false
  const isFlood = createFloodWatch()

  const deliver = () => {
    if (delivered < read) waiting.push(slab.subarray(delivered, read))
    delivered = read
    while (!isPaused && waiting.length > 0) onData(waiting.shift()!)
  }
  const hasRoom = () => slab.length - read >= LONGEST_READ_BYTES
  const nextBuffer = () => {
    if (!hasRoom()) {
      deliver()
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      delivered = read = 0
    }
    return slab.subarray(read)
  }
  /** Reads without a turn of the event loop for each 4 KiB, until the PTY is empty or the slab is full. */
  const readOn = (lastBytes: number) => {
    for (let bytes = lastBytes; bytes >= LONG_READ_BYTES && hasRoom();) {
      bytes = readSome(fd, slab.subarray(read))
      read += bytes
    }
  }
  const startThread = () => {
    try {
      thread = startFloodThread(fd, {onReady: letThreadRead, onData, onEnd: readAgain})
    } catch {
      // The system has no thread left.
    }
  }
  const letThreadRead = () => {
    // If it is closed, the descriptor may be that of another file by now.
    if (isDraining || stream.destroyed) return thread?.stop()
    stream.pause()
    isThreadReading = true
    if (isPaused) thread?.pause()
    thread?.begin()
  }
  const readAgain = () => {
    thread = undefined
    isThreadReading = false
    if (!isPaused) stream.resume()
    if (isDraining) drain()
  }
  const stream = new ReadStream(fd, {
    onread: {
      buffer: nextBuffer,
      callback(bytes) {
        const before = read
        read += bytes
        if (!isPaused) readOn(bytes)
        if (isFlood(read - before) && thread === undefined) startThread()
        deliver()
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

  const drain = () => {
    isDraining = true
    if (isThreadReading) return thread?.stop()
    deliver()
    while (!isPaused && !stream.destroyed) {
      const bytes = readSome(fd, nextBuffer())
      read += bytes
      deliver()
      if (bytes === 0) stream.destroy()
    }
  }

  return {
    get isClosed() {
      return stream.destroyed
    },
    drain,
    pause() {
      isPaused = true
      stream.pause()
      thread?.pause()
    },
    resume() {
      isPaused = false
      // Later: the caller of `resume` does not expect `onData` before it returns.
      setImmediate(deliver)
      thread?.resume()
      if (!isThreadReading) stream.resume()
    },
  }
}

/** Counts the bytes of each read. Returns true once they are a flood, which is worth a thread. */
function createFloodWatch(): (bytes: number) => boolean {
  let [sum, end] = [0, 0]
  return (bytes) => {
    const now = performance.now()
    if (now >= end) [sum, end] = [0, now + FLOOD_MS]
    sum += bytes
    if (sum < FLOOD_BYTES) return false
    end = 0
    return true
  }
}

/** 0 if the PTY is empty, or at its end. */
function readSome(fd: number, buffer: Uint8Array): number {
  try {
    return readSync(fd, buffer)
  } catch {
    return 0
  }
}
