import type {ScreenSnapshot} from '@holdfast/protocol'

/** What a screen is waited for. */
export type ScreenCondition =
  /** The text is on the screen. Lines that are wrapped are one line. Blanks at its end, as of a prompt, may be the empty end of a line. */
  | {text: string}
  | {regex: RegExp}
  /** From 0. */
  | {cursor: {row: number; col: number}}
  /** The program has printed nothing for this time, ms. */
  | {idleMs: number}
  /** The text of the screen has not changed for this time, ms, whatever the program printed. */
  | {stableMs: number}
  /** The program has ended. */
  | {exit: true}

export interface ScreenFacts {
  shown: ScreenSnapshot
  /** Nothing was printed since the input that the screen is to answer. */
  isStale: boolean
  /** When the client learned of the last output, or began to wait, ms. */
  printedAt: number
  /** When the client learned of the last change of the text, or began to wait, ms. */
  changedAt: number
  now: number
}

/** How long it may take until the condition is met without any output, ms; 0: it is met. `Infinity`: it needs output. Pure. */
export function judgeScreen(
  condition: ScreenCondition,
  {shown, isStale, printedAt, changedAt, now}: ScreenFacts,
): number {
  if ('idleMs' in condition) return Math.max(0, printedAt + condition.idleMs - now)
  if ('stableMs' in condition) return Math.max(0, changedAt + condition.stableMs - now)
  return !isStale && isShown(condition, shown) ? 0 : Infinity
}

function isShown(condition: ScreenCondition, shown: ScreenSnapshot): boolean {
  if ('text' in condition) return hasText(screenText(shown), condition.text)
  // `search` does not depend on the state of the expression.
  if ('regex' in condition) return screenText(shown).search(condition.regex) !== -1
  if ('cursor' in condition)
    return shown.cursor.row === condition.cursor.row && shown.cursor.col === condition.cursor.col
  return false
}

/** Nobody sees whether blanks at the end of a line were printed, so that `screenText` has none. */
function hasText(screen: string, text: string): boolean {
  return screen.includes(text) || screen.includes(text.replace(/ +$/, '\n'))
}

/** The text of the screen: wrapped rows are joined, and blanks at the ends of lines left out. Pure. */
export function screenText({lines, cols}: Pick<ScreenSnapshot, 'lines' | 'cols'>): string {
  return lines
    .map(({spans, is_wrapped}, index) => {
      const text = spans.map((span) => span.text).join('')
      if (is_wrapped !== true) return `${text.trimEnd()}\n`
      // A snapshot leaves out the blanks at the end of a row.
      const missing = cols - spans.reduce((cells, span) => cells + span.cells, 0)
      return missing === 1 && beginsWide(lines[index + 1]) ? text : text + ' '.repeat(Math.max(0, missing))
    })
    .join('')
}

/** A character of two cells does not fit into the last one of a row, which it leaves empty. */
function beginsWide(line: ScreenSnapshot['lines'][number] | undefined): boolean {
  const [first] = line?.spans ?? []
  return first !== undefined && first.cells >= 2 * Array.from(first.text).length
}
