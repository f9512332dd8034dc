import {tailOutputBytes, type Output} from '@holdfast/protocol'

import {createOutputBatch, type OutputBatch} from './output-batch.ts'

export interface BoundedOutputOptions {
  /** Bytes that are given out as they come; `Infinity` for all. */
  maxBytes: number
  /** Bytes that are kept of what comes after them: the last. @default tailOutputBytes */
  tailBytes?: number
  /** Called with what has gathered, in order. */
  onBatch: (output: Output) => void
  /** From now on only the last is kept. Once. */
  onFull: () => void
  /** So many bytes were not kept, between what was given out before and what will be. Once, with the end. */
  onElided: (bytes: number) => void
}

/**
 * Gives out what is printed up to a bound, and of the rest the last part, when it is flushed: once, at the end. What is between is counted.
 * It holds `tailBytes` at most. A character is not cut in two.
 */
export function createBoundedOutput(options: BoundedOutputOptions): OutputBatch {
  const {maxBytes, tailBytes = tailOutputBytes, onBatch, onFull, onElided} = options
  const batch = createOutputBatch({onBatch})
  let given = 0
  /** The last bytes after the bound, written round and round. */
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

/** A code point has at most three bytes after its first. */
const maxContinuation = 3

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000
}

/** The beginning of the character in which a place is; the place itself where there is no such character. */
function characterStart(data: Uint8Array, at: number): number {
  for (let start = at; start >= Math.max(0, at - maxContinuation); start--) {
    if (!isContinuation(data[start])) return start
  }
  return at
}

/** The end of the character in which a place is. */
function characterEnd(data: Uint8Array, at: number): number {
  for (let end = at; end <= at + maxContinuation; end++) {
    if (!isContinuation(data[end])) return end
  }
  return at
}
