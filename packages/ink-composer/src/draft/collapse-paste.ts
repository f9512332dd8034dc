import type {Fragment} from './draft.ts'

/** A longer paste is collapsed. Length in UTF-16 units. */
const maxLines = 10
const maxLength = 1000

/** Pasted text, collapsed to `[pasted 213 lines, 10 kB]` if it is long. Pure. */
export function collapsePaste(text: string): Fragment {
  const lines = countLines(text)
  if (lines <= maxLines && text.length <= maxLength) return {text, collapsed: []}
  const amount = `${lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`}, ${sizeOf(text)}`
  return {text, collapsed: [{start: 0, end: text.length, label: `[pasted ${amount}]`}]}
}

/** A line break at the very end starts no line. */
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
