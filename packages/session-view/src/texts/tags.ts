import {toPlainLine} from '@holdfast/terminal/plain'

/** Tags on one line: `#web #prod`. Pure. */
export function formatTags(tags: readonly string[] | undefined): string {
  return (tags ?? []).map((tag) => `#${toPlainLine(tag)}`).join(' ')
}
