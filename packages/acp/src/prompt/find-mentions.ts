/** A part of a prompt as the user typed it: text, or a file that is mentioned. */
export type TypedPart = {type: 'text'; text: string} | {type: 'mention'; path: string; text: string}

/** `@path` at the beginning of a word, or `@"path with spaces"`. */
const mention = /(?<=^|\s)@(?:"([^"\n]+)"|([^\s"]+))/g

/** Splits a text at the files that it mentions, as `@path` or `@"path with spaces"`. A dot or comma that ends a sentence is not part of a path. */
export function findMentions(text: string): TypedPart[] {
  const parts: TypedPart[] = []
  let end = 0
  for (const match of text.matchAll(mention)) {
    const bare = match[2]?.replace(/[.,;:!?)]+$/, '')
    const path = match[1] ?? bare ?? ''
    if (path === '') continue
    const length = match[1] === undefined ? 1 + path.length : match[0].length
    if (match.index > end) parts.push({type: 'text', text: text.slice(end, match.index)})
    parts.push({type: 'mention', path, text: match[0].slice(0, length)})
    end = match.index + length
  }
  if (end < text.length) parts.push({type: 'text', text: text.slice(end)})
  return parts
}
