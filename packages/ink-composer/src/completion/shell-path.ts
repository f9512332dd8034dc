/* oxlint-disable no-control-regex -- control characters are what no name here may have */

/** A path that is being written: what is completed, and where it stands. */
export interface WrittenPath {
  /** Where it begins in the text, the `@` included; it ends at the cursor. */
  start: number
  /** An `@` was written before it: it is meant to be a path. */
  isMarked: boolean
  /** Up to its last `/`, as it is on disk. */
  folder: string
  /** What is written behind that. */
  name: string
}

/** What ends a word for a shell, or begins one. A quote begins what is not ours to complete. */
const betweenWords = /[\s;|&<>()`=]/
const quotes = /['"]/

/** So far back, a path may begin, UTF-16 units. */
const longestPath = 4096

/** The path that ends at the cursor; `undefined` where none can be. Pure. */
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
  // In a text for an agent an apostrophe is no quote; there a path is marked.
  if (!isMarked && isQuoted(text.slice(0, start))) return undefined
  const path = word.slice(isMarked ? 1 : 0).replace(/\\(.)/gs, '$1')
  const folderEnd = path.lastIndexOf('/') + 1
  return {start, isMarked, folder: path.slice(0, folderEnd), name: path.slice(folderEnd)}
}

/** Whether a quote is open at the end. */
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

/** A path as it is written in a shell, where needed with backslashes: so it can be completed further. Pure. */
export function writePath(path: string): string {
  // What would be an option, or the home of somebody.
  const safe = /^(-|~[^/])/.test(path) ? `./${path}` : path
  return safe.replace(/[^\w@+:,./\u0080-\u{10ffff}~-]/gu, '\\$&')
}

/** Whether a name can be written in a line. */
export function isWritable(name: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\ufffd]/.test(name)
}

/** What all of these begin with. */
export function commonStart(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length--
  // Not half a character of two units.
  return /[\ud800-\udbff]$/.test(first.slice(0, length)) ? first.slice(0, length - 1) : first.slice(0, length)
}
