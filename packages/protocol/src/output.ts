/** Program output on the wire: `text` where the bytes are valid UTF-8, else `base64`. */
export type Output = {text: string} | {base64: string}

/** A UTF-8 code point has at most 4 bytes, so an incomplete one has at most 3. */
const longestIncomplete = 3

// `ignoreBOM: true` keeps a byte order mark, so that decoding returns the same bytes.
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})
const lenientDecoder = new TextDecoder()
const encoder = new TextEncoder()

export interface OutputEncoder {
  /** Encodes `data`, and keeps an incomplete code point at its end for the next call. `undefined`: nothing to send. */
  encode(data: Uint8Array): Output | undefined
  /** Encodes the incomplete code point that is left. */
  flush(): Output | undefined
}

/** Encodes a stream of bytes without splitting a code point. Decoded and joined, the bytes are the same. */
export function createOutputEncoder(): OutputEncoder {
  let kept: Uint8Array = new Uint8Array(0)
  return {
    encode(data) {
      const bytes = kept.length === 0 ? data : joinBytes(kept, data)
      const end = bytes.length - incompleteLength(bytes)
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

/** The bytes of an output, or of the payload of an event. */
export function decodeOutput(output: {text?: string | undefined; base64?: string | undefined}): Uint8Array {
  if (output.base64 === undefined) return encoder.encode(output.text ?? '')
  return Uint8Array.from(atob(output.base64), (character) => character.charCodeAt(0))
}

/** An output as text. Bytes that are not UTF-8 become U+FFFD. */
export function outputText(output: Parameters<typeof decodeOutput>[0]): string {
  return output.text ?? lenientDecoder.decode(decodeOutput(output))
}

/** Encodes bytes; `undefined` for an empty array. */
export function encodeOutput(bytes: Uint8Array): Output | undefined {
  if (bytes.length === 0) return undefined
  try {
    return {text: decoder.decode(bytes)}
  } catch {
    return {base64: encodeBase64(bytes)}
  }
}

/** How many bytes at the end begin a code point that the next bytes may complete. */
function incompleteLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(longestIncomplete, bytes.length); back++) {
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
  // In pieces: engines limit the number of arguments of a call.
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return btoa(pieces.join(''))
}
