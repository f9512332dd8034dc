import {createOutputEncoder, type Output} from '@holdfast/protocol'

export interface OutputBatchOptions {
  /** Called with each batch, in order. */
  onBatch: (output: Output) => void
  /** How long the first byte of a batch waits for more, ms. @default 5 */
  delayMs?: number
  /** Output that comes `delayMs` after the last batch, or later, does not wait. @default false */
  isFirstAtOnce?: boolean
  /** A batch of this size is given out at once, bytes. @default 65536 */
  maxBytes?: number
}

export interface OutputBatch {
  add(data: Uint8Array): void
  /** Gives out what is left, except for an incomplete code point. */
  commit(): void
  /** Gives out everything that is left, even an incomplete code point. */
  flush(): void
}

/** Batches output: a flood makes few, large events, and a single line waits for a few milliseconds at most. */
export function createOutputBatch(options: OutputBatchOptions): OutputBatch {
  const {onBatch, delayMs = 5, isFirstAtOnce = false, maxBytes = 65_536} = options
  const encoder = createOutputEncoder()
  let chunks: Uint8Array[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  let givenAt = -Infinity

  const give = (output: Output | undefined) => {
    if (output !== undefined) onBatch(output)
  }
  const giveBatch = () => {
    clearTimeout(timer)
    timer = undefined
    if (size === 0) return
    const data = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
    chunks = []
    size = 0
    give(encoder.encode(data))
    if (isFirstAtOnce) givenAt = performance.now()
  }

  return {
    commit: giveBatch,
    add(data) {
      chunks.push(data)
      size += data.length
      const isFirst = isFirstAtOnce && performance.now() - givenAt >= delayMs
      if (isFirst || size >= maxBytes) giveBatch()
      else timer ??= setTimeout(giveBatch, delayMs)
    },
    flush() {
      giveBatch()
      give(encoder.flush())
    },
  }
}
