/** Output of a program on the wire: text where it is valid UTF-8, else base64. */
export type Output = {text: string} | {base64: string}

/** A code point of UTF-8 has 4 bytes at most, so an unfinished one has at most 3. */
const longestUnfinished = 3

// `ignoreBOM` keeps a byte order mark: the bytes must come out as they went in.
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})
const encoder = new TextEncoder()

export interface OutputEncoder {
  /** Encodes what came; keeps the beginning of a code point that is not finished yet for the next call. */
  encode(data: Uint8Array): Output | undefined
  /** Encodes what is still kept. */
  flush(): Output | undefined
}

/** Turns a stream of bytes into outputs that never split a code point. Joined again, the bytes are the same. */
export function createOutputEncoder(): OutputEncoder {
  let kept: Uint8Array = new Uint8Array(0)
  return {
    encode(data) {
      const bytes = kept.length === 0 ? data : joinBytes(kept, data)
      const end = bytes.length - unfinishedLength(bytes)
      kept = bytes.slice(end)
      return encodeOutput(bytes.subarray(0, end))
    },
    flush() {
      const bytes = kept
      kept = new Uint8Array(0)
      return encodeOutput(bytes)
    },
  }
}

/** The bytes of an output. */
export function decodeOutput(output: {text?: string | undefined; base64?: string | undefined}): Uint8Array {
  if (output.base64 === undefined) return encoder.encode(output.text ?? '')
  return Uint8Array.from(atob(output.base64), (character) => character.charCodeAt(0))
}

/** Encodes bytes as they are; `undefined` for none. */
export function encodeOutput(bytes: Uint8Array): Output | undefined {
  if (bytes.length === 0) return undefined
  try {
    return {text: decoder.decode(bytes)}
  } catch {
    return {base64: encodeBase64(bytes)}
  }
}

/** How many bytes at the end begin a code point that may still be finished. */
function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(longestUnfinished, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0b1100_0000) === 0b1000_0000) continue
    const length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    return byte < 0xf5 && length > back ? back : 0
  }
  return 0
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  // In pieces, because a call takes a bounded number of arguments.
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return btoa(pieces.join(''))
}
