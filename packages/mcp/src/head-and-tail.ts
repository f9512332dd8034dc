/** The beginning and the end of a text that is too long to keep. Lengths are in UTF-16 units. */
export interface HeadAndTail {
  head: string
  /** Empty until the head is full. */
  tail: string
  /** What was dropped between the two. */
  leftOut: number
}

export const nothingKept: HeadAndTail = {head: '', tail: '', leftOut: 0}

/** How much of the bound goes to the beginning. The end of an output says more often what went wrong. */
const headShare = 1 / 3

/** The text with more behind it, at most about `max` units of it. Pure. */
export function keepHeadAndTail({head, tail, leftOut}: HeadAndTail, more: string, max: number): HeadAndTail {
  const headMax = Math.floor(max * headShare)
  const room = tail === '' && leftOut === 0 ? Math.max(0, headMax - head.length) : 0
  const whole = tail + more.slice(room)
  const dropped = Math.max(0, whole.length - (max - headMax))
  return {head: head + more.slice(0, room), tail: whole.slice(dropped), leftOut: leftOut + dropped}
}

/** Whether a part is left out. Pure. */
export function isWhole({leftOut}: HeadAndTail): boolean {
  return leftOut === 0
}

/** Both as one text: the parts are cut at the ends of lines where there are some, and a line between them counts what is left out. Pure. */
export function joinHeadAndTail(kept: HeadAndTail): string {
  if (isWhole(kept)) return kept.head + kept.tail
  const headEnd = kept.head.lastIndexOf('\n') + 1 || kept.head.length
  const head = kept.head.slice(0, headEnd).replace(/[\ud800-\udbff]$/, '')
  const tailBegin = kept.tail.slice(0, -1).indexOf('\n') + 1
  const tail = kept.tail.slice(tailBegin).replace(/^[\udc00-\udfff]/, '')
  const leftOut = kept.leftOut + kept.head.length - head.length + kept.tail.length - tail.length
  return `${head}${head.endsWith('\n') ? '' : '\n'}[… ${leftOut} characters are left out …]\n${tail}`
}
