import {tailOutputBytes, type Output} from '@holdfast/protocol'

import {createOutputBatch, type OutputBatch} from './output-batch.ts'
import {createOutputTail, isContinuation, maxContinuation, type OutputTail} from './output-tail.ts'

export interface BoundedOutputOptions {
  /** How many bytes to give out as they come; may be `Infinity`. */
  maxBytes: number
  /** How many of the last bytes after them to keep. @default tailOutputBytes */
  tailBytes?: number
  /** Called with each batch, in order. */
  onBatch: (output: Output) => void
  /** Called once, when `maxBytes` is reached. */
  onFull: () => void
  /** Called once, before the kept end is given out, with the number of bytes dropped before it. */
  onElided: (bytes: number) => void
}

/**
 * Gives out the first `maxBytes` of output as it comes, and the last `tailBytes` of the rest when it is flushed, once, at the
 * end. It uses at most `tailBytes` of memory, and does not split a character.
 */
export function createBoundedOutput(options: BoundedOutputOptions): OutputBatch {
  const {maxBytes, tailBytes = tailOutputBytes, onBatch, onFull, onElided} = options
  const batch = createOutputBatch({onBatch})
  let given = 0
  /** The last bytes after the bound. */
  let tail: OutputTail | undefined

  return {
    commit: batch.commit,
    add(data) {
      if (tail !== undefined) return tail.add(data)
      const room = maxBytes - given
      if (data.length <= room) {
        given += data.length
        return batch.add(data)
      }
      const cut = characterStart(data, room)
      batch.add(data.subarray(0, cut))
      batch.flush()
      onFull()
      tail = createOutputTail(tailBytes)
      tail.add(data.subarray(cut))
    },
    flush() {
      if (tail !== undefined) {
        const {data, elided} = tail.read()
        if (elided > 0) onElided(elided)
        batch.add(data)
      }
      batch.flush()
    },
  }
}

/** The start of the character that contains an offset; the offset itself in bytes that are not UTF-8. */
function characterStart(data: Uint8Array, at: number): number {
  for (let start = at; start >= Math.max(0, at - maxContinuation); start--) {
    if (!isContinuation(data[start])) return start
  }
  return at
}
