import type {ScreenSnapshot} from '@holdfast/protocol'

/** What a screen is waited for. */
export type ScreenCondition =
  /** The text is on the screen. Lines that are wrapped are one line. */
  | {kind: 'text'; text: string}
  | {kind: 'regex'; regex: RegExp}
  /** From 0. */
  | {kind: 'cursor'; row: number; col: number}
  /** The program has printed nothing for this time. */
  | {kind: 'idle'; ms: number}
  /** The screen has not changed for this time, whatever the program printed. */
  | {kind: 'stable'; ms: number}
  /** The program has ended. */
  | {kind: 'exit'}

export interface ScreenFacts {
  shown: ScreenSnapshot
  /** When the last output came, as far as it is known, ms. */
  printedAt: number
  /** When the screen changed last, as far as it is known, ms. */
  changedAt: number
  now: number
}

/** How long it may take until the condition is met without any output, ms; 0: it is met. `Infinity`: it needs output. Pure. */
export function judgeScreen(condition: ScreenCondition, {shown, printedAt, changedAt, now}: ScreenFacts): number {
  switch (condition.kind) {
    case 'text':
      return screenText(shown).includes(condition.text) ? 0 : Infinity
    case 'regex':
      return screenText(shown).search(condition.regex) === -1 ? Infinity : 0
    case 'cursor':
      return shown.cursor.row === condition.row && shown.cursor.col === condition.col ? 0 : Infinity
    case 'idle':
      return Math.max(0, printedAt + condition.ms - now)
    case 'stable':
      return Math.max(0, changedAt + condition.ms - now)
    case 'exit':
      return Infinity
  }
}

/** The text of the screen: wrapped rows are joined, and blanks at the ends of lines left out. Pure. */
export function screenText({lines}: Pick<ScreenSnapshot, 'lines'>): string {
  return lines
    .map(({spans, is_wrapped}) => {
      const text = spans.map((span) => span.text).join('')
      return is_wrapped === true ? text : `${text.trimEnd()}\n`
    })
    .join('')
}
