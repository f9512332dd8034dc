import {createOutputEncoder, type Output} from '@holdfast/protocol'

export interface OutputBatchOptions {
  /** Called with what has gathered, in order. */
  onBatch: (output: Output) => void
  /** How long the first byte waits for more, ms. @default 5 */
  delayMs?: number
  /** Bytes that do not wait any longer. @default 65536 */
  maxBytes?: number
}

export interface OutputBatch {
  add(data: Uint8Array): void
  /** Gives out all that is left, also an unfinished code point. */
  flush(): void
}

/** Gathers output, so that a flood makes few and large events, and a single line waits a few milliseconds at most. */
export function createOutputBatch(options: OutputBatchOptions): OutputBatch {
  const {onBatch, delayMs = 5, maxBytes = 65_536} = options
  const encoder = createOutputEncoder()
  let chunks: Uint8Array[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined

  const give = (output: Output | undefined) => {
    if (output !== undefined) onBatch(output)
  }
  const giveGathered = () => {
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
      if (size >= maxBytes) giveGathered()
      else timer ??= setTimeout(giveGathered, delayMs)
    },
    flush() {
      giveGathered()
      give(encoder.flush())
    },
  }
}
