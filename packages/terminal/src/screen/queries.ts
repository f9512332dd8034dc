/** What programs ask their terminal, and how the answer begins. Without ESC, with which all of them begin. */
const kinds: readonly (readonly [query: string, answer: string])[] = [
  // Device attributes: what the terminal can do, its version, its unit, its name.
  [String.raw`\[0?c`, String.raw`\[\?[\d;]*c`],
  [String.raw`\[>0?c`, String.raw`\[>[\d;]*c`],
  [String.raw`\[=0?c`, String.raw`P!\|`],
  [String.raw`\[>0?q`, String.raw`P>\|`],
  // Status, and the position of the cursor.
  [String.raw`\[5n`, String.raw`\[[03]n`],
  [String.raw`\[6n`, String.raw`\[\d+;\d+R`],
  [String.raw`\[\?(?!997)\d+n`, String.raw`\[\?[\d;]+[nR]`],
  // Modes, the keyboard protocol, sizes and titles.
  [String.raw`\[\??\d+\$p`, String.raw`\[\??[\d;]+\$y`],
  [String.raw`\[\?u`, String.raw`\[\?\d+u`],
  [String.raw`\[(?:1[1-9]|2[01])t`, String.raw`\[\d[\d;]*t|\][lL]`],
  // Colours, settings, capabilities.
  [String.raw`\](?:4;\d+|1\d);\?(?:${'\x07'}|${'\x1b'}\\)`, String.raw`\](?:4;\d+|1\d);[^?]`],
  [String.raw`P[$+]q[^${'\x1b'}]{0,256}${'\x1b'}\\`, String.raw`P[01][$+]r`],
]
const oneOf = (patterns: readonly string[]) =>
  new RegExp(`\x1b(?:${patterns.map((pattern, kind) => `(?<kind${kind}>${pattern})`).join('|')})`, 'g')
const query = oneOf(kinds.map(([pattern]) => pattern))
const answer = oneOf(kinds.map(([, pattern]) => pattern))
/** The beginning of a query, or of an answer, at the end of a text. */
const unfinished = new RegExp(String.raw`${'\x1b'}(?:\[[?>=\d;$]{0,16}|[\]P][^${'\x1b\x07'}]{0,260}${'\x1b'}?)?$`)
const longestQuery = 264

/** A query, or an answer to one. */
export interface Found {
  text: string
  /** A query and its answer have the same number. */
  kind: number
}

/** Finds the queries in output that is split anywhere. Text is latin1. */
export function createQueryFinder(): (output: string) => Found[] {
  return createFinder(query)
}

/** Finds the answers in the input of a program, split anywhere. A key that looks like one, such as Shift-F3, counts. Text is latin1. */
export function createAnswerFinder(): (input: string) => Found[] {
  return createFinder(answer)
}

/** Whole output, for a terminal that must not answer its queries: they are old. */
export function withoutQueries(output: Uint8Array): Uint8Array {
  const text = Buffer.from(output.buffer, output.byteOffset, output.byteLength).toString('latin1')
  return Buffer.from(text.replaceAll(query, ''), 'latin1')
}

function createFinder(pattern: RegExp): (text: string) => Found[] {
  let rest = ''
  return (next) => {
    const text = rest + next
    const found = find(pattern, text)
    // An answer is found by its beginning: its rest must not be found again.
    const last = found.at(-1)?.text
    const behind = last === undefined ? text : text.slice(text.lastIndexOf(last) + last.length)
    rest = unfinished.exec(behind.slice(-longestQuery))?.[0] ?? ''
    return found
  }
}

function find(pattern: RegExp, text: string): Found[] {
  return Array.from(text.matchAll(pattern), ({0: found, groups = {}}) => ({
    text: found,
    kind: kinds.findIndex((_, kind) => groups[`kind${kind}`] !== undefined),
  }))
}
