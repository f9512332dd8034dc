import {tagPattern} from '@holdfast/protocol'

/** What a tag looks like, for error messages. */
export const tagSyntax = 'a tag: 1 to 32 letters, digits, `.`, `_`, `-` or `/`, the first one a letter or a digit'

/** A tag as a user writes it, with `#` before it or without; `undefined` if it is none. Pure. */
export function readTag(text: string): string | undefined {
  const tag = text.replace(/^#/, '')
  return tagPattern.test(tag) ? tag : undefined
}
