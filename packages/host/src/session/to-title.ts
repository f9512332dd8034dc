const maxTitleLength = 80

/** A title stands in lists and status lines: it has one line, and a length that leaves room for others. */
export function toTitle(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what would break the line
  const line = text.replace(/[\u0000-\u0020\u007f-\u009f]+/g, ' ').trim()
  return Array.from(line).slice(0, maxTitleLength).join('')
}
