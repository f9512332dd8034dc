import * as z from 'zod/mini'

/** The most tags of one session. One more is rejected with `notAllowed`. */
export const maxTags = 16

/** A tag: 1 to 32 letters or digits of any script, or `.`, `_`, `-` and `/` behind the first one. */
export const tagPattern = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._/-]{0,31}$/u

const tag = () => z.string().check(z.regex(tagPattern, 'Expected a tag: 1 to 32 letters, digits, `.`, `_`, `-` or `/`'))

/** A schema of the tags that a request names. */
export const tagsSchema = () => z.array(tag()).check(z.maxLength(maxTags))

/** The tags after some were added behind the others, and some removed; a tag that is in both stays. Pure. */
export function changeTags(
  tags: readonly string[],
  {add = [], remove = []}: {add?: readonly string[] | undefined; remove?: readonly string[] | undefined},
): string[] {
  return [...new Set([...tags.filter((each) => !remove.includes(each)), ...add])]
}
