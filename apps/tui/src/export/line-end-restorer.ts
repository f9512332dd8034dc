/** Undoes the line discipline's `onlcr`: `\r\n` becomes `\n`, all other characters stay. */
export function createLineEndRestorer(): {restore(text: string): string; flush(): string} {
  /** A `\r` at the end of a chunk waits for the next character. */
  let kept = ''
  return {
    restore(chunk) {
      const text = kept + chunk
      kept = text.endsWith('\r') ? '\r' : ''
      return text.slice(0, text.length - kept.length).replaceAll('\r\n', '\n')
    },
    flush() {
      const rest = kept
      kept = ''
      return rest
    },
  }
}
