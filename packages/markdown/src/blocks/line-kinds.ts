/** What a line of Markdown begins, by the rules of CommonMark. The lines have no tabs, and not more than three blanks in front. */

const rule = /^ {0,3}(?:(?:\* *){3,}|(?:_ *){3,}|(?:- *){3,})$/
const heading = /^ {0,3}#{1,6}(?: |$)/
const quote = /^ {0,3}>/
const fence = /^( {0,3})(`{3,}|~{3,}) *(.*)$/
const item = /^( {0,3})([-+*]|\d{1,9}[.)])( +|$)(.*)$/
const task = /^\[([ xX])\] +(?=\S)/
const delimiterRow = /^ {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/

export interface Fence {
  indent: number
  mark: string
  language: string
}

export function readFence(line: string): Fence | undefined {
  const [, blanks = '', mark, info = ''] = fence.exec(line) ?? []
  if (mark === undefined || (mark.startsWith('`') && info.includes('`'))) return undefined
  return {indent: blanks.length, mark, language: /^[^\s{,:]*/.exec(info)?.[0] ?? ''}
}

export function closesFence({mark}: Fence, line: string): boolean {
  const text = line.trim()
  return text.length >= mark.length && /^(?:`+|~+)$/.test(text) && text[0] === mark[0] && line.search(/\S/) < 4
}

export interface Item {
  /** Items of one list have one. */
  type: string
  /** `undefined` for a bullet. */
  number: number | undefined
  isChecked: boolean | undefined
  /** The columns before its text. */
  width: number
  text: string
}

export function readItem(line: string): Item | undefined {
  if (rule.test(line)) return undefined
  const [, blanks = '', marker, gap = '', rest = ''] = item.exec(line) ?? []
  if (marker === undefined) return undefined
  // More than four blanks: the item begins with indented code.
  const gapWidth = rest === '' || gap.length > 4 ? 1 : gap.length
  const checkbox = task.exec(rest)
  const number = parseInt(marker, 10)
  return {
    type: marker.at(-1)!,
    number: Number.isNaN(number) ? undefined : number,
    isChecked: checkbox === null ? undefined : checkbox[1] !== ' ',
    width: blanks.length + marker.length + gapWidth,
    text: ' '.repeat(rest === '' ? 0 : gap.length - gapWidth) + rest.slice(checkbox?.[0].length ?? 0),
  }
}

/** What stands in front of an item that has no number. */
export function signOf(isChecked: boolean | undefined): string {
  if (isChecked === undefined) return '•'
  return isChecked ? '☒' : '☐'
}

/** A heading or a thematic break. */
export function isWholeBlock(line: string): boolean {
  return heading.test(line) || rule.test(line)
}

export function isHeading(line: string): boolean {
  return heading.test(line)
}

export function isQuote(line: string): boolean {
  return quote.test(line)
}

/** The line below a heading: `===` or `---`. */
export function isUnderline(line: string): boolean {
  return /^ {0,3}(?:=+|-+) *$/.test(line)
}

/** The line between the head of a table and its rows. */
export function isDelimiterRow(line: string): boolean {
  return line.includes('|') && delimiterRow.test(line)
}

/** Whether a line ends the paragraph before it. `isInList`: any number does, not only 1. */
export function endsParagraph(line: string, {isInList}: {isInList: boolean}): boolean {
  if (isWholeBlock(line) || isQuote(line) || readFence(line) !== undefined) return true
  const found = readItem(line)
  return found !== undefined && (isInList || (found.text.trim() !== '' && (found.number ?? 1) === 1))
}

/** The beginning of a line that would be drawn as something else as soon as it goes on: such as `-` of an item. */
export function isUndecided(line: string): boolean {
  return /^\s*(?:[-+*=#>`~|_]+|\d{1,9}[.)]?)\s*$/.test(line)
}
