/** Counted from 1. */
export interface TextPosition {
  line: number
  column: number
}

/**
 * Where a text that is no JSON stops to be the beginning of one. `JSON.parse` does not always say it, so it is found by parsing
 * some 16 beginnings of the text. Pure.
 */
export function findJsonFault(text: string): TextPosition {
  let [good, bad] = [0, text.length + 1]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (isBroken(text.slice(0, middle))) bad = middle
    else good = middle
  }
  const lines = text.slice(0, good).split('\n')
  return {line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1}
}

/** Whether no text with this beginning is JSON. */
function isBroken(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return false
  } catch (error) {
    const {message} = error as Error
    if (/^(Unexpected end|Unterminated)/.test(message)) return false
    const [, position] = / at position (\d+)/.exec(message) ?? []
    return position === undefined || Number(position) < beginning.length
  }
}
