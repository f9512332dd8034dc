/** A part of a command: an operator, blanks, or a word with its quoted parts. A redirection such as `2>&1` is a word. */
const part = new RegExp(
  String.raw`(?<word>(?:${[
    String.raw`\d*[<>]&[\d-]+`,
    String.raw`\\[^]`,
    String.raw`'[^']*(?:'|$)`,
    String.raw`"(?:\\[^]|[^"\\])*(?:"|$)`,
    '`(?:\\\\[^]|[^`\\\\])*(?:`|$)',
    String.raw`[$<>]\((?:[^()]|\([^()]*\))*(?:\)|$)`,
    String.raw`\$\{[^}]*(?:\}|$)`,
    String.raw`[^\s;&|<>()'"\\` + '`]',
  ].join('|')})+)|(?<operator>[;&|<>()]+)|[^]`,
  'gy',
)

/** Only the end of a longer text is read, UTF-16 units. */
const maxRead = 20_000

/** The words and operators of a command as they are written. Pure. */
export function wordsOf(command: string): string[] {
  return Array.from(
    command.slice(-maxRead).matchAll(part),
    ({groups}) => groups?.['word'] ?? groups?.['operator'],
  ).filter((word) => word !== undefined)
}

/** The last word of a command as it is written, with its quotes; `undefined` if it has none. Pure. */
export function lastWord(command: string): string | undefined {
  return Array.from(command.slice(-maxRead).matchAll(part), ({groups}) => groups?.['word'])
    .filter((word) => word !== undefined)
    .at(-1)
}
