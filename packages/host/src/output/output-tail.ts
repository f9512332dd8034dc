/** The last bytes of an output. */
export interface OutputTail {
  add(data: Uint8Array): void
  /** The bytes that are kept, from the beginning of a character, and the number of bytes before them. */
  read(): {data: Uint8Array; elided: number}
}

/** Keeps the last `maxBytes` of what is added, and uses as much memory. */
export function createOutputTail(maxBytes: number): OutputTail {
  /** A ring buffer: the next byte stands at `added % maxBytes`. */
  const ring = Buffer.alloc(maxBytes)
  let added = 0

  return {
    add(data) {
      const last = data.subarray(Math.max(0, data.length - maxBytes))
      const at = maxBytes === 0 ? 0 : (added + data.length - last.length) % maxBytes
      const untilEnd = last.subarray(0, maxBytes - at)
      ring.set(untilEnd, at)
      ring.set(last.subarray(untilEnd.length))
      added += data.length
    },
    read() {
      if (added <= maxBytes) return {data: Buffer.from(ring.subarray(0, added)), elided: 0}
      const oldest = maxBytes === 0 ? 0 : added % maxBytes
      const kept = Buffer.concat([ring.subarray(oldest), ring.subarray(0, oldest)])
      const data = kept.subarray(characterEnd(kept))
      return {data, elided: added - data.length}
    },
  }
}

/** UTF-8 encodes a code point in at most three bytes after the first. */
export const maxContinuation = 3

export function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000
}

/** The end of a character that is cut off at the beginning; 0 in bytes that are not UTF-8. */
function characterEnd(data: Uint8Array): number {
  for (let end = 0; end <= maxContinuation; end++) {
    if (!isContinuation(data[end])) return end
  }
  return 0
}
