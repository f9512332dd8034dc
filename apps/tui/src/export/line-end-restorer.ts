const carriageReturn = 13
const lineFeed = 10

/** Undoes the line discipline's `onlcr`: `\r\n` becomes `\n`, all other bytes stay. */
export function createLineEndRestorer(): {restore(data: Uint8Array): Uint8Array; flush(): Uint8Array} {
  /** A `\r` at the end of a chunk waits for the next byte. */
  let isReturnKept = false
  return {
    restore(data) {
      if (data.length === 0) return data
      const restored = new Uint8Array(data.length + 1)
      // Only locals: this loop reads each byte of a flood.
      const end = data.length - 1
      let length = 0
      if (isReturnKept && data[0] !== lineFeed) restored[length++] = carriageReturn
      for (let at = 0; at < end; at++) {
        const byte = data[at]!
        restored[length] = byte
        if (byte !== carriageReturn || data[at + 1] !== lineFeed) length++
      }
      isReturnKept = data[end] === carriageReturn
      if (!isReturnKept) restored[length++] = data[end]!
      return restored.subarray(0, length)
    },
    flush() {
      const rest = isReturnKept ? Uint8Array.of(carriageReturn) : new Uint8Array(0)
      isReturnKept = false
      return rest
    },
  }
}
