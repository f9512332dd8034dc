/* oxlint-disable no-control-regex -- control characters are what no name here may have */

/** The path before the cursor. */
export interface WrittenPath {
  /** Its start in the text, including the `@`; it ends at the cursor. */
  start: number
  /** It starts with `@`. */
  isMarked: boolean
  /** Up to its last `/`, unescaped. */
  folder: string
  /** After its last `/`, unescaped. */
  name: string
}

/** Word separators of shells. Paths in quotes are not completed. */
const betweenWords = /[\s;|&<>()`=]/
const quotes = /['"]/

/** The longest path that is found, UTF-16 units. */
const longestPath = 4096

/** The path that ends at the cursor, or `undefined`. Pure. */
export function readPath(text: string, cursor: number): WrittenPath | undefined {
  let start = cursor
  while (start > 0 && cursor - start < longestPath) {
    const isEscaped = countBackslashes(text, start - 1) % 2 === 1
    if (!isEscaped && betweenWords.test(text[start - 1] ?? '')) break
    start--
  }
  const word = text.slice(start, cursor)
  const isMarked = word.startsWith('@')
  if (quotes.test(word.replace(/\\./gs, ''))) return undefined
  // A path with `@` may stand in prose, where an apostrophe is no quote.
  if (!isMarked && isQuoted(text.slice(0, start))) return undefined
  const path = word.slice(isMarked ? 1 : 0).replace(/\\(.)/gs, '$1')
  const folderEnd = path.lastIndexOf('/') + 1
  return {start, isMarked, folder: path.slice(0, folderEnd), name: path.slice(folderEnd)}
}

/** Whether a quote is open at the end of the text. */
function isQuoted(text: string): boolean {
  return (
    text
      .replace(/\\./gs, '')
      .replace(/'[^']*'|"[^"]*"/g, '')
      .search(quotes) !== -1
  )
}

function countBackslashes(text: string, before: number): number {
  let count = 0
  while (text[before - 1 - count] === '\\') count++
  return count
}

/** Escapes a path for a shell with backslashes, so that it can be completed further. Pure. */
export function writePath(path: string): string {
  // Not an option, nor the home of a user.
  const safe = /^(-|~[^/])/.test(path) ? `./${path}` : path
  return safe.replace(/[^\w@+:,./\u0080-\u{10ffff}~-]/gu, '\\$&')
}

/** Whether a name has no control characters, so that it can be typed. */
export function isWritable(name: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\ufffd]/.test(name)
}

/** The longest common start. */
export function commonStart(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length--
  // Not half of a surrogate pair.
  return /[\ud800-\udbff]$/.test(first.slice(0, length)) ? first.slice(0, length - 1) : first.slice(0, length)
}

/** A mention of a file for a coding agent: `@src/a.ts`, or `@"a path"` where a blank, or what could end a sentence, is in it. Pure. */
export function writeMention(path: string): string {
  return /[\s"]|[^\w/]$/.test(path) ? `@"${path.replaceAll('"', '')}"` : `@${path}`
}
