/** Work on bytes without Node's `Buffer`, so that the package runs in a browser. */

export const NO_BYTES: Uint8Array = new Uint8Array()

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** One character for each byte, U+0000 to U+00FF. `TextDecoder` has no such encoding: its `latin1` is windows-1252. */
export function latin1(bytes: Uint8Array): string {
  const maxArguments = 8192
  let text = ''
  for (let at = 0; at < bytes.length; at += maxArguments) {
    text += String.fromCharCode(...bytes.subarray(at, at + maxArguments))
  }
  return text
}

/** The bytes of such a text. */
export function bytesFromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** A new array, also where one of the two is empty. */
export function concatBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

export function equalBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, at) => byte === second[at])
}

export function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return bytes.length >= end.length && equalBytes(bytes.subarray(bytes.length - end.length), end)
}

/** The index at or after `from` at which the searched bytes first occur; -1 if they do not. */
export type ByteSearch = (bytes: Uint8Array, from?: number) => number

/** Searches for `needle` by Horspool's method: a long needle skips most bytes. */
export function createByteSearch(needle: Uint8Array): ByteSearch {
  const last = needle.length - 1
  const skips = new Uint32Array(256).fill(needle.length)
  for (let at = 0; at < last; at++) skips[needle[at]!] = last - at

  return (bytes, from = 0) => {
    for (let end = from + last; end < bytes.length; end += skips[bytes[end]!]!) {
      let matched = 0
      while (matched <= last && bytes[end - matched] === needle[last - matched]) matched += 1
      if (matched > last) return end - last
    }
    return -1
  }
}

/** The length of the longest end of `bytes` that is the beginning of `needle`, but not all of it. */
export function cutLength(bytes: Uint8Array, needle: Uint8Array): number {
  for (let at = Math.max(0, bytes.length - needle.length + 1); at < bytes.length; at++) {
    const end = bytes[at] === needle[0] ? bytes.subarray(at) : NO_BYTES
    if (end.length > 0 && equalBytes(end, needle.subarray(0, end.length))) return end.length
  }
  return 0
}
