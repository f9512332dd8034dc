import {tailOutputBytes, type Output} from '@holdfast/protocol'

import {createOutputBatch, type OutputBatch} from './output-batch.ts'

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
  /** A ring buffer for the last bytes after the bound; `past` counts all of them. */
  let ring: Buffer | undefined
  let past = 0

  const keep = (data: Uint8Array) => {
    const kept = (ring ??= Buffer.alloc(tailBytes))
    const last = data.subarray(Math.max(0, data.length - tailBytes))
    const at = (past + data.length - last.length) % tailBytes
    const untilEnd = last.subarray(0, tailBytes - at)
    kept.set(untilEnd, at)
    kept.set(last.subarray(untilEnd.length))
    past += data.length
  }

  const giveTail = (kept: Buffer) => {
    const oldest = past % tailBytes
    const data =
      past < tailBytes ? kept.subarray(0, past) : Buffer.concat([kept.subarray(oldest), kept.subarray(0, oldest)])
    const from = past > tailBytes ? characterEnd(data, 0) : 0
    const elided = past - data.length + from
    if (elided > 0) onElided(elided)
    batch.add(data.subarray(from))
  }

  return {
    commit: batch.commit,
    add(data) {
      if (ring !== undefined) return keep(data)
      const room = maxBytes - given
      if (data.length <= room) {
        given += data.length
        return batch.add(data)
      }
      const cut = characterStart(data, room)
      batch.add(data.subarray(0, cut))
      batch.flush()
      onFull()
      keep(data.subarray(cut))
    },
    flush() {
      if (ring !== undefined) giveTail(ring)
      batch.flush()
    },
  }
}

/** UTF-8 encodes a code point in at most three bytes after the first. */
const maxContinuation = 3

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000
}

/** The start of the character that contains an offset; the offset itself in bytes that are not UTF-8. */
function characterStart(data: Uint8Array, at: number): number {
  for (let start = at; start >= Math.max(0, at - maxContinuation); start--) {
    if (!isContinuation(data[start])) return start
  }
  return at
}

/** The end of the character that contains an offset. */
function characterEnd(data: Uint8Array, at: number): number {
  for (let end = at; end <= at + maxContinuation; end++) {
    if (!isContinuation(data[end])) return end
  }
  return at
}
