import {createOutputEncoder, type Output} from '@holdfast/protocol'

export interface OutputBatchOptions {
  /** Called with each batch, in order. */
  onBatch: (output: Output) => void
  /** How long the first byte of a batch waits for more, ms. @default 5 */
  delayMs?: number
  /** A batch of this size is given out at once, bytes. @default 65536 */
  maxBytes?: number
}

export interface OutputBatch {
  add(data: Uint8Array): void
  /** Gives out everything that is left, even an incomplete code point. */
  flush(): void
}

/** Batches output: a flood makes few, large events, and a single line waits for a few milliseconds at most. */
export function createOutputBatch(options: OutputBatchOptions): OutputBatch {
  const {onBatch, delayMs = 5, maxBytes = 65_536} = options
  const encoder = createOutputEncoder()
  let chunks: Uint8Array[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined

  const give = (output: Output | undefined) => {
    if (output !== undefined) onBatch(output)
  }
  const giveBatch = () => {
    clearTimeout(timer)
    timer = undefined
    if (size === 0) return
    const data = Buffer.concat(chunks, size)
    chunks = []
    size = 0
    give(encoder.encode(data))
  }

  return {
    add(data) {
      chunks.push(data)
      size += data.length
      if (size >= maxBytes) giveBatch()
      else timer ??= setTimeout(giveBatch, delayMs)
    },
    flush() {
      giveBatch()
      give(encoder.flush())
    },
  }
}
