import {bytesOf, concatBytes, cutLength, endsWith, NO_BYTES} from '../bytes.ts'

/** Keeps a line back that the shell may print right before an `end` marker. */
export interface HookEcho {
  /** Whether bytes are withheld, which may be the beginning of the line. */
  readonly withholds: boolean
  /** Returns what is output for certain; withholds at most the line. */
  take(bytes: Uint8Array): Uint8Array
  /** Returns what was withheld, unless it is the whole line and an `end` marker follows. */
  settle(isOver: boolean): Uint8Array
}

/** `line`: without its line end; `undefined`: the shell prints none. */
export function createHookEcho(line: string | undefined): HookEcho {
  const echo = line === undefined ? undefined : bytesOf(`${line}\r\n`)
  /** The end of the output, which may be the beginning of `echo`. */
  let possible = NO_BYTES

  return {
    get withholds() {
      return possible.length > 0
    },
    take(bytes) {
      if (echo === undefined) return bytes
      const data = possible.length === 0 ? bytes : concatBytes(possible, bytes)
      const kept = endsWith(data, echo) ? echo.length : cutLength(data, echo)
      possible = kept === 0 ? NO_BYTES : new Uint8Array(data.subarray(data.length - kept))
      return data.subarray(0, data.length - kept)
    },
    settle(isOver) {
      const data = possible
      possible = NO_BYTES
      return isOver && data.length === echo?.length ? NO_BYTES : data
    },
  }
}
