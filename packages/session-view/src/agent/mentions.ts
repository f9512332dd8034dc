/** A part of a line of a prompt for a coding agent. A chip is a mention of a file. */
export interface PromptPart {
  text: string
  isChip: boolean
}

/** `@path` at the beginning of a word, or `@"a path"`. A dot or comma that ends a sentence is not part of a path. */
const mention = /(?<=^|\s)@(?:"([^"]+)"|([^\s"]*[^\s".,;:!?)]))/g

/** The parts of a line: `@src/a.ts` as it was typed; an absolute path, as of a file that was dropped, as `[photo.png]`. Pure. */
export function withChips(line: string): PromptPart[] {
  const parts: PromptPart[] = []
  let end = 0
  for (const match of line.matchAll(mention)) {
    const path = match[1] ?? match[2] ?? ''
    if (match.index > end) parts.push({text: line.slice(end, match.index), isChip: false})
    parts.push({text: path.startsWith('/') ? `[${path.slice(path.lastIndexOf('/') + 1)}]` : match[0], isChip: true})
    end = match.index + match[0].length
  }
  if (end < line.length || line === '') parts.push({text: line.slice(end), isChip: false})
  return parts
}
