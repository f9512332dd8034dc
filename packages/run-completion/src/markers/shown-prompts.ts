import {removeEcho, type FoundEcho} from './remove-echo.ts'

/** What a shell reports before it draws: its prompts as its own expansion gives them, with one character for each byte. */
export interface ShownPrompts {
  command: string
  /** For the rest of an unfinished command. What depends on that command, as `%_` of zsh, is `UNFINISHED`. */
  continuation: string
  /** At the right margin; empty if none. */
  right: string
}

export interface FoundPrompt {
  /** What is printed before the prompt and among its pieces. */
  rest: string
  /** Where it ends. */
  end: number
  /** The prompt as it is drawn. */
  drawn: string
}

/** zsh shows words here: `for then dquote`. */
const UNFINISHED = '\x1a'

/** readline removes these, which enclose what takes no room. */
export function readShown({command, continuation, right}: ShownPrompts): ShownPrompts {
  // oxlint-disable-next-line no-control-regex -- the characters to remove
  const clean = (text: string) => text.replaceAll(/[\x01\x02]/g, '')
  return {command: clean(command), continuation: clean(continuation), right: clean(right)}
}

/**
 * Finds the prompt, which may be in pieces, unless it must be whole. `begins`: what zsh prints in one write with it; then it
 * erases the rest of the line, and draws the prompt on the right. Without `begins`, it comes after `editorAt`: what a job printed
 * before may be the same text.
 */
export function findShown(
  printed: string,
  {command, right}: ShownPrompts,
  {begins, editorAt, isWhole}: {begins: string; editorAt: number; isWhole: boolean},
): FoundPrompt | undefined {
  if (command === '') return undefined
  const text = begins + command.replaceAll('\n', '\r\n')
  const from = begins === '' ? editorAt : 0
  const at = printed.indexOf(text, from)
  if (at === -1 && isWhole) return undefined
  const found = at === -1 ? findPieces(printed, command, from) : {rest: printed.slice(0, at), end: at + text.length}
  if (!found || begins === '') return found && {rest: found.rest, end: found.end, drawn: text}
  const drawsRight = right === '' ? '' : `(?:(?:\x1b\\[\\d+C| +)${escapePattern(right)}\x1b\\[\\d+D)?`
  const after = printed.slice(found.end)
  const tail = new RegExp(`\x1b\\[K${drawsRight}(?:\x1b\\[\\?1h\x1b=)?`).exec(after)
  if (!tail) return {rest: found.rest, end: found.end, drawn: text}
  return {
    rest: found.rest + after.slice(0, tail.index),
    end: found.end + tail.index + tail[0].length,
    drawn: text + tail[0],
  }
}

function findPieces(printed: string, command: string, from: number): {rest: string; end: number} | undefined {
  const found = removeEcho(printed.slice(from), [command], {isOpen: true})
  return found && {rest: printed.slice(0, from) + found.rest, end: from + found.end}
}

/** Removes the prompts between the lines where readline has drawn each at once; the second value tells whether it has. */
export function withoutContinuations(
  printed: string,
  {continuation}: ShownPrompts,
  begins: readonly number[],
): [string, boolean] {
  const text = continuation.replaceAll('\n', '\r\n')
  if (!begins.every((at) => printed.startsWith(text, at))) return [printed, false]
  let rest = printed
  for (const at of begins.toReversed()) rest = rest.slice(0, at) + rest.slice(at + text.length)
  return [rest, true]
}

/** Finds the echo of several lines, and the prompts between them. */
export function findContinued(
  printed: string,
  lines: readonly string[],
  {continuation}: ShownPrompts,
  begins: string,
): (FoundEcho & {printed: string}) | undefined {
  if (begins === '') {
    const found = removeEcho(
      printed,
      lines.map((line, at) => (at === 0 ? line : continuation + line)),
    )
    return found && {...found, printed}
  }
  const pattern = escapePattern(begins + continuation.replaceAll('\n', '\r\n')).replaceAll(UNFINISHED, '[a-z ]*')
  const text = printed.replaceAll(new RegExp(`${pattern}(?:([^]*?)\x1b\\[K)?`, 'g'), '\r$1')
  const found = removeEcho(text, lines)
  return found && {...found, printed: text}
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
