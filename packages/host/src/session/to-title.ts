import {toListLine} from '@holdfast/terminal'

const maxTitleLength = 80

/** Makes a title of one line, by default at most 80 characters long, for lists and status lines. */
export function toTitle(text: string, maxLength = maxTitleLength): string {
  // oxlint-disable-next-line no-control-regex -- these would break the line
  const line = toListLine(text).replace(/[\u0000-\u0020\u007f-\u009f]+/g, ' ')
  return Array.from(line).slice(0, maxLength).join('')
}
