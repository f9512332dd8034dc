import {decodeSentinel, sentinelPrefix} from './sentinel.ts'

export type SentinelPiece =
  /** A view of the bytes that were fed, or of those that waited. */
  {kind: 'output'; data: Buffer} | {kind: 'sentinel'; token: string; exitCode: number | undefined}

export interface SentinelScanner {
  /** Bytes may come cut at any place. What may become a sentinel waits for the next ones, while there is one to come. */
  feed(bytes: Uint8Array): SentinelPiece[]
  /** What waited is output. */
  flush(): SentinelPiece[]
}

const ESCAPE = 0x1b
const NOTHING: Buffer = Buffer.alloc(0)

/**
 * Finds the sentinels of the awaited tokens, and takes each token that it finds out of them. All begin with the same
 * secret, so one search for that finds them, however many are awaited.
 */
export function createSentinelScanner(secret: string, awaited: Set<string>): SentinelScanner {
  const prefix = Buffer.from(sentinelPrefix(secret))
  let waiting = NOTHING

  return {
    feed(bytes) {
      const fresh = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const buffer = waiting.length === 0 ? fresh : Buffer.concat([waiting, fresh])
      waiting = NOTHING
      const pieces: SentinelPiece[] = []
      let outputFrom = 0
      let end = buffer.length
      for (let at = buffer.indexOf(prefix); at !== -1 && awaited.size > 0;) {
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
        at = buffer.indexOf(prefix, next)
      }
      if (end === buffer.length && awaited.size > 0) end -= cutLength(buffer, prefix)
      if (end < buffer.length) waiting = Buffer.from(buffer.subarray(end))
      pushOutput(pieces, buffer.subarray(outputFrom, end))
      return pieces
    },
    flush() {
      const pieces: SentinelPiece[] = []
      pushOutput(pieces, waiting)
      waiting = NOTHING
      return pieces
    },
  }
}

function pushOutput(pieces: SentinelPiece[], data: Buffer): void {
  if (data.length > 0) pieces.push({kind: 'output', data})
}

/** How many bytes at the end may begin the prefix, which has one escape, its first byte. */
function cutLength(buffer: Buffer, prefix: Buffer): number {
  const escape = buffer.lastIndexOf(ESCAPE)
  const length = buffer.length - escape
  if (escape === -1 || length >= prefix.length) return 0
  return prefix.subarray(0, length).equals(buffer.subarray(escape)) ? length : 0
}
