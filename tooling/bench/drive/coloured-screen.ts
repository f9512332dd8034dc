import type {TerminalSize} from '@holdfast/terminal'

/** A screen full of words in colours, as an editor shows code, with `the end` in its last row. */
export function colouredScreen({cols, rows}: TerminalSize): string {
  const lines = Array.from({length: rows - 1}, (_, row) => {
    const words = Array.from({length: Math.floor((cols - 10) / 8)}, (_word, at) => word(row, at))
    return words.join(' ')
  })
  return `\u001b[2J\u001b[H${lines.join('\r\n')}\r\n\u001b[0mthe end`
}

/** Seven cells. Each has another colour than the one before it, some are bold, some have a background. */
function word(row: number, at: number): string {
  const style = at % 5 === 4 ? `1;38;2;${at * 10};${row * 5};99` : `${31 + (at % 6)}${row % 7 === 0 ? ';44' : ''}`
  return `\u001b[0;${style}m${String(row * 1000 + at).padStart(7, 'x')}`
}
