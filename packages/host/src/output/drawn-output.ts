import {createOutputEncoder, type EventPayload} from '@holdfast/protocol'

export type Frames = NonNullable<EventPayload<'screen.drawn'>['frames']>

export interface DrawnOutputOptions {
  /** How many bytes to give out. */
  maxBytes: number
  /** Called with each batch, in order. */
  onFrames: (frames: Frames) => void
  /** Called once, when `maxBytes` is reached: what comes after it is counted. */
  onFull: () => void
  /** Called once, at the end, with the number of bytes that were not given out. */
  onElided: (bytes: number) => void
  /** A monotonic clock, ms. */
  now: () => number
}

/** What one prompt draws on the alternate screen, in batches: a few large ones, where a program draws at each key. */
export interface DrawnOutput {
  add(data: Uint8Array): void
  /** Puts a paint of the screen in front of what is added from now on, unless `flush` is called first. */
  beginWith(paint: Promise<Uint8Array | undefined>): void
  /** Gives out what is left, except for an incomplete code point. */
  commit(): void
  /** Gives out everything that is left, even an incomplete code point: the program leaves the screen. */
  flush(): void
  /** The same, and the number of bytes that are left out. */
  end(): void
}

/** How long the first byte of a batch waits for more, ms. A crash of the host costs as much of a recording. */
const delayMs = 1000
/** A batch of this size is given out at once, bytes. */
const maxBatchBytes = 65_536
/** What is drawn within this time is one frame, ms. */
const frameMs = 16

export function createDrawnOutput({maxBytes, onFrames, onFull, onElided, now}: DrawnOutputOptions): DrawnOutput {
  const encoder = createOutputEncoder()
  let frames: {at: number; chunks: Uint8Array[]}[] = []
  let size = 0
  let given = 0
  let elided = 0
  let timer: NodeJS.Timeout | undefined
  /** While a paint is made: what was added since then. */
  let behindPaint: Uint8Array[] | undefined

  const add = (data: Uint8Array) => {
    // The program waits where the paint takes long: see `ProgramScreen`.
    if (behindPaint !== undefined) return void behindPaint.push(data)
    const kept = data.subarray(0, maxBytes - given)
    keep(kept)
    if (kept.length === data.length) return
    if (elided === 0) {
      commit()
      onFull()
    }
    elided += data.length - kept.length
  }
  const keep = (data: Uint8Array) => {
    if (data.length === 0) return
    given += data.length
    size += data.length
    const at = now()
    const last = frames.at(-1)
    if (last !== undefined && at - last.at < frameMs) last.chunks.push(data)
    else frames.push({at, chunks: [data]})
    if (size >= maxBatchBytes) commit()
    else timer ??= setTimeout(commit, delayMs)
  }
  const commit = () => {
    clearTimeout(timer)
    timer = undefined
    give(frames.map(({at, chunks}) => ({at, output: encoder.encode(Buffer.concat(chunks))})))
    frames = []
    size = 0
  }
  const give = (encoded: {at: number; output: ReturnType<typeof encoder.encode>}[]) => {
    const end = now()
    const batch = encoded.flatMap(({at, output}) =>
      output === undefined ? [] : [{ago_ms: Math.max(0, Math.round(end - at)), ...output}],
    )
    if (batch.length > 0) onFrames(batch)
  }
  const flush = () => {
    behindPaint = undefined
    commit()
    give([{at: now(), output: encoder.flush()}])
  }

  return {
    add,
    beginWith(paint) {
      const behind: Uint8Array[] = []
      behindPaint = behind
      void paint.then((painted) => {
        if (behindPaint !== behind) return
        behindPaint = undefined
        for (const data of painted === undefined ? behind : [painted, ...behind]) add(data)
      })
    },
    commit,
    flush,
    end() {
      flush()
      if (elided > 0) onElided(elided)
    },
  }
}
