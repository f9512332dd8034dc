/**
 * The bytes that a text takes in a message: in UTF-8, with the escapes of JSON, without the quotes. Up to 6 for a UTF-16
 * unit, such as a control character.
 */
export function textBytes(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20) bytes += shortEscapes.has(unit) ? 2 : 6
    else if (unit === quote || unit === backslash) bytes += 2
    else if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3
    else if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) {
      at++
      bytes += 4
    } else bytes += 6
  }
  return bytes
}

/** Whether a text has at most `maxBytes`. Counts only texts that may have more. */
export function fitsBytes(text: string, maxBytes: number): boolean {
  return text.length * longestEscape <= maxBytes || textBytes(text) <= maxBytes
}

/** The most bytes that one UTF-16 unit takes. */
const longestEscape = 6
/** `\b`, `\t`, `\n`, `\f`, `\r`; JSON writes other control characters as `\u0000`. */
const shortEscapes: ReadonlySet<number> = new Set([8, 9, 10, 12, 13])
const quote = 0x22
const backslash = 0x5c

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
