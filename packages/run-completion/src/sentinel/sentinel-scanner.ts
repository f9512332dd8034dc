import {bytesOf, concatBytes, createByteSearch, cutLength, NO_BYTES} from '../bytes.ts'
import {decodeSentinel, sentinelPrefix} from './sentinel.ts'

export type SentinelPiece =
  /** A view of the bytes that were fed, or of bytes that were withheld. */
  {kind: 'output'; data: Uint8Array} | {kind: 'sentinel'; token: string; exitCode: number | undefined}

export interface SentinelScanner {
  /** Accepts bytes cut at any place. While it awaits sentinels, withholds bytes that may begin one until the next bytes. */
  feed(bytes: Uint8Array): SentinelPiece[]
  /** Whether bytes are withheld that were not returned as output. */
  readonly isWithholding: boolean
  /** Returns the withheld bytes as output, as nothing has followed them for long. A sentinel that they begin is still found. */
  release(): SentinelPiece[]
  /** Returns the withheld bytes as output. */
  flush(): SentinelPiece[]
}

/**
 * Finds the sentinels of the awaited tokens and removes each found token from `awaited`. All sentinels begin with the same
 * secret, so one search finds them, however many are awaited.
 */
export function createSentinelScanner(secret: string, awaited: Set<string>): SentinelScanner {
  const prefix = bytesOf(sentinelPrefix(secret))
  const search = createByteSearch(prefix)
  let withheld = NO_BYTES
  /** How many of the withheld bytes were returned as output. */
  let released = 0

  return {
    feed(bytes) {
      const buffer = withheld.length === 0 ? bytes : concatBytes(withheld, bytes)
      const newFrom = released
      withheld = NO_BYTES
      released = 0
      const pieces: SentinelPiece[] = []
      let outputFrom = 0
      let end = buffer.length
      for (let at = search(buffer); at !== -1 && awaited.size > 0;) {
        const sentinel = decodeSentinel(buffer.subarray(at))
        if (sentinel === 'cut') {
          end = at
          break
        }
        const next = at + (sentinel?.length ?? 1)
        if (sentinel && awaited.delete(sentinel.token)) {
          pushOutput(pieces, buffer.subarray(Math.max(outputFrom, newFrom), at))
          pieces.push({kind: 'sentinel', token: sentinel.token, exitCode: sentinel.exitCode})
          outputFrom = next
        }
        at = search(buffer, next)
      }
      if (end === buffer.length && awaited.size > 0) end -= cutLength(buffer, prefix)
      if (end < buffer.length) withheld = new Uint8Array(buffer.subarray(end))
      released = Math.max(0, Math.min(newFrom - end, withheld.length))
      pushOutput(pieces, buffer.subarray(Math.max(outputFrom, newFrom), end))
      return pieces
    },
    get isWithholding() {
      return withheld.length > released
    },
    release() {
      const pieces: SentinelPiece[] = []
      pushOutput(pieces, withheld.subarray(released))
      released = withheld.length
      return pieces
    },
    flush() {
      const pieces = this.release()
      withheld = NO_BYTES
      released = 0
      return pieces
    },
  }
}

function pushOutput(pieces: SentinelPiece[], data: Uint8Array): void {
  if (data.length > 0) pieces.push({kind: 'output', data})
}
