import {bytesOf, concatBytes, latin1, NO_BYTES} from '../bytes.ts'

/** Removes from the output the line `exit`, which an interactive bash prints when `exit` ends it. */
export interface ExitLine {
  /** The shell is about to print the line, if it prints one. */
  expect(): void
  /** Whether bytes are withheld, which may be the beginning of the line. */
  readonly withholds: boolean
  /** Returns the bytes that are certainly output, and withholds the rest. */
  take(bytes: Uint8Array): Uint8Array
  /** Returns what was withheld: nothing, or output that only begins like the line. */
  settle(): Uint8Array
}

/** The terminal may be raw. */
const LINES = ['exit\r\n', 'exit\n']

export function createExitLine(): ExitLine {
  /** What followed the announcement so far; `undefined`: no line is expected. */
  let withheld: Uint8Array | undefined

  return {
    expect: () => void (withheld = NO_BYTES),
    get withholds() {
      return withheld !== undefined && withheld.length > 0
    },
    take(bytes) {
      if (withheld === undefined) return bytes
      const data = concatBytes(withheld, bytes)
      const text = latin1(data)
      if (LINES.some((line) => line.startsWith(text) && line !== text)) {
        withheld = data
        return NO_BYTES
      }
      withheld = undefined
      const line = LINES.find((known) => text.startsWith(known))
      return line === undefined ? data : data.subarray(bytesOf(line).length)
    },
    settle() {
      const data = withheld ?? NO_BYTES
      withheld = undefined
      return data
    },
  }
}
