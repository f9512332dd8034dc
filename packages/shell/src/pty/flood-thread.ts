export interface FloodThreadOptions {
  /** The thread can `begin`. */
  onReady(): void
  /** Receives what was read, in order, and may keep the array. Called once in a turn of the event loop, so that clients are heard. */
  onData(data: Uint8Array): void
  /** `onData` has received everything, and the thread is gone: output has become slow, the PTY has ended, or `stop` was called. */
  onEnd(): void
}

/**
 * A thread that reads a PTY while a program floods it. A PTY gives at most 4 KiB a read, and then the reader sleeps until the kernel
 * has moved the next: in a thread, these waits do not come between two commits.
 */
export interface FloodThread {
  /** Reads. Until `onEnd`, nothing else may read the descriptor, and nothing may close it. */
  begin(): void
  /** Calls nothing until `resume`. The thread soon waits, and so does the program. */
  pause(): void
  resume(): void
  /** Asks for the end. */
  stop(): void
}

interface Shared {
  fd: number
  /** `state` and `taken`: how many pieces were handled, a bound for the thread. */
  words: Int32Array
}

const [stateAt, takenAt] = [0, 1]
const [reading, stopped] = [1, 2]
/** A count that the thread never reaches, so that it no longer waits for its reader. */
const allTaken = 2 ** 30

/** Throws if the system has no thread left. */
export function startFloodThread(fd: number, {onReady, onData, onEnd}: FloodThreadOptions): FloodThread {
  const shared: Shared = {fd, words: new Int32Array(new SharedArrayBuffer(8))}
  const {words} = shared
  const received: Uint8Array[] = []
  let isPaused = false
  let isGone = false
  let isDue = false

  const handleNext = () => {
    isDue = false
    if (isPaused) return
    const data = received.shift()
    if (data !== undefined) {
      onData(data)
      add(takenAt, 1)
    }
    if (received.length > 0) handleSoon()
    else if (isGone) onEnd()
  }
  const handleSoon = () => {
    if (isDue || isPaused) return
    isDue = true
    setImmediate(handleNext)
  }
  const add = (at: number, count: number) => {
    Atomics.add(words, at, count)
    Atomics.notify(words, at)
  }

  // Only now: it takes 2 MiB.
  const {Worker} = process.getBuiltinModule('node:worker_threads')
  // As text: the file of this function is not there in a bundle, nor after the program was removed.
  const worker = new Worker(`(${String(readFlood)})(require('node:fs'), require('node:worker_threads'))`, {
    eval: true,
    execArgv: [],
    trackUnmanagedFds: false,
    workerData: shared,
  })
  worker.once('online', onReady)
  worker.on('message', (data: Uint8Array<ArrayBuffer>) => {
    received.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    handleSoon()
  })
  // It can only be out of memory. Its end follows.
  worker.on('error', () => undefined)
  worker.once('exit', () => {
    isGone = true
    handleSoon()
  })

  return {
    begin: () => add(stateAt, reading),
    pause() {
      isPaused = true
    },
    resume() {
      isPaused = false
      handleSoon()
    },
    stop() {
      Atomics.store(words, stateAt, stopped)
      Atomics.notify(words, stateAt)
      Atomics.store(words, takenAt, allTaken)
      Atomics.notify(words, takenAt)
    },
  }
}

/** What the thread does. The thread gets its text, in which nothing else of this file is known. */
function readFlood(
  {readSync}: typeof import('node:fs'),
  {parentPort, workerData}: typeof import('node:worker_threads'),
): void {
  const {fd, words} = workerData as Shared
  const [state, taken, isReading] = [0, 1, 1]
  /** A piece has room for another read, of at most 4 KiB. */
  const [fullBytes, pieceBytes, maxPieces] = [65_536, 69_632, 4]
  /** A flood that brings less in this time is over. */
  const [windowMs, leastBytes] = [250, 500_000]
  /** The pause after the PTY was found empty, ms. */
  const emptyMs = 0.2
  let piece = Buffer.allocUnsafeSlow(pieceBytes)
  let [length, sent] = [0, 0]

  const send = () => {
    if (length === 0) return
    const isFull = length >= fullBytes
    // A view of a large, almost empty buffer would waste memory where it is kept.
    const data = isFull ? piece.subarray(0, length) : Uint8Array.prototype.slice.call(piece, 0, length)
    parentPort!.postMessage(data, [data.buffer])
    if (isFull) piece = Buffer.allocUnsafeSlow(pieceBytes)
    length = 0
    sent += 1
    for (let done; sent - (done = Atomics.load(words, taken)) >= maxPieces;) Atomics.wait(words, taken, done)
  }
  const readSome = () => {
    try {
      // 0 is the end, as EIO is.
      return readSync(fd, piece, length, piece.length - length, null) || 'end'
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'empty' : 'end'
    }
  }

  Atomics.wait(words, state, 0)
  let [windowBytes, windowEnd] = [0, performance.now() + windowMs]
  while (Atomics.load(words, state) === isReading) {
    const bytes = readSome()
    if (bytes === 'end') break
    if (bytes === 'empty') {
      send()
      Atomics.wait(words, state, isReading, emptyMs)
    } else {
      length += bytes
      windowBytes += bytes
      if (length >= fullBytes) send()
    }
    if (performance.now() < windowEnd) continue
    if (windowBytes < leastBytes) break
    ;[windowBytes, windowEnd] = [0, performance.now() + windowMs]
  }
  send()
}
