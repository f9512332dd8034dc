import type {Fragment} from './draft.ts'

/** Up to so much, what was pasted is shown as it is. */
const mostLines = 10
const mostLength = 1000

/**
 * What was pasted, folded where it is long: it is one unit for the cursor then, and shown as `[pasted 213 lines, 10 kB]`.
 * Pure.
 */
export function collapsePaste(text: string): Fragment {
  const lines = countLines(text)
  if (lines <= mostLines && text.length <= mostLength) return {text, collapsed: []}
  const amount = `${lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`}, ${sizeOf(text)}`
  return {text, collapsed: [{start: 0, end: text.length, label: `[pasted ${amount}]`}]}
}

/** A line end at the very end begins no line. */
function countLines(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function sizeOf(text: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
