import {bytesOf, concatBytes, createByteSearch, cutLength, NO_BYTES} from '../bytes.ts'
import {decodeSentinel, sentinelPrefix} from './sentinel.ts'

export type SentinelPiece =
  /** A view of the bytes that were fed, or of bytes that were withheld. */
  {kind: 'output'; data: Uint8Array} | {kind: 'sentinel'; token: string; exitCode: number | undefined}

export interface SentinelScanner {
  /** Accepts bytes cut at any place. While it awaits sentinels, withholds bytes that may begin one until the next bytes. */
  feed(bytes: Uint8Array): SentinelPiece[]
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

  return {
    feed(bytes) {
      const buffer = withheld.length === 0 ? bytes : concatBytes(withheld, bytes)
      withheld = NO_BYTES
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
          pushOutput(pieces, buffer.subarray(outputFrom, at))
          pieces.push({kind: 'sentinel', token: sentinel.token, exitCode: sentinel.exitCode})
          outputFrom = next
        }
        at = search(buffer, next)
      }
      if (end === buffer.length && awaited.size > 0) end -= cutLength(buffer, prefix)
      if (end < buffer.length) withheld = new Uint8Array(buffer.subarray(end))
      pushOutput(pieces, buffer.subarray(outputFrom, end))
      return pieces
    },
    flush() {
      const pieces: SentinelPiece[] = []
      pushOutput(pieces, withheld)
      withheld = NO_BYTES
      return pieces
    },
  }
}

function pushOutput(pieces: SentinelPiece[], data: Uint8Array): void {
  if (data.length > 0) pieces.push({kind: 'output', data})
}
