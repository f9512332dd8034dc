/**
 * What a shell draws between two commands: its prompt, and the echo of the line that is typed. A background job may print
 * between any two writes of the shell, so both may be in pieces. Texts have one character for each byte.
 */

/** Shorter equal text may be a job's, unless it directly follows what the shell has printed. */
const MIN_PIECE = 4
/** What line editors print to move, to erase, to highlight, to set the title; a space that wraps a line. */
const DRAWING =
  // oxlint-disable-next-line no-control-regex -- the sequences of a terminal
  /(?:\x1b\[[\d;?]*[A-HJKPXhlm@]|\x1b[=>]|\x1b\(B|\x1b\][^\x07\x1b]{0,4096}\x07|[\x07\x08]| ?\r(?!\n))+/y
/** What is a line editor's among its echo: its modes, a move to a column or back, and how fish resets the colours. */
// oxlint-disable-next-line no-control-regex -- the sequences of a terminal
const EDITOR = /(?:\x1b\[\?(?:1|2004)[hl]|\x1b[=>]|\r\x1b\[\d+C|\x08+|\x1b\[30m\x1b\(B\x1b\[m)+/y
const LINE_END = /\r*\n\r*/y

/** Removes a text, not empty, that may be in pieces. Returns what is printed among them, and where the last one ends. */
export function removePieces(printed: string, text: string): {rest: string; end: number} | undefined {
  if (text === '') return undefined
  const whole = printed.indexOf(text)
  if (whole !== -1) return {rest: printed.slice(0, whole), end: whole + text.length}
  let rest = ''
  let matched = 0
  for (let at = 0; at < printed.length;) {
    const length = pieceLength(printed, at, text, matched, MIN_PIECE)
    if (length === 0) rest += printed.charAt(at++)
    at += length
    matched += length
    if (matched === text.length) return {rest, end: at}
  }
  return undefined
}

/**
 * Removes the echo of a line, with its newline, as a line editor or the terminal prints it: perhaps more than once. Returns what
 * is printed among it, and where it ends; undefined if it is not there.
 */
export function removeEcho(printed: string, line: string): {rest: string; end: number; begin: number} | undefined {
  let rest = ''
  let matched = 0
  let begin = -1
  /** The shell has printed the last byte. */
  let isShell = true
  for (let at = 0; at < printed.length;) {
    const lineEnd = matched === line.length ? matchLength(LINE_END, printed, at) : 0
    if (lineEnd > 0) return {rest, end: at + lineEnd, begin: begin === -1 ? at : begin}
    // zsh prints the first character alone.
    if (begin === -1 && line !== '' && printed.startsWith(`${line.charAt(0)}\b`, at)) {
      begin = at
      isShell = true
      at += 2
      continue
    }
    const least = isShell ? 1 : MIN_PIECE
    let length = pieceLength(printed, at, line, matched, least)
    if (length === 0 && isShell && matched > 0) {
      length = pieceLength(printed, at, line, 0, least)
      if (length > 0) matched = 0
    }
    const drawing: number = length === 0 ? matchLength(isShell ? DRAWING : EDITOR, printed, at) : 0
    if (length > 0 && begin === -1) begin = at
    isShell = length + drawing > 0
    if (!isShell) rest += printed.charAt(at)
    matched += length
    at += Math.max(1, length + drawing)
  }
  return undefined
}

/** Without what a line editor prints to draw. */
export function withoutDrawing(printed: string): string {
  return withoutModes(printed.slice(matchLength(DRAWING, printed, 0)))
}

export function withoutModes(printed: string): string {
  return printed.replaceAll(new RegExp(EDITOR, 'g'), '')
}

/** The text that a terminal shows, without `text` wherever it is shown. */
export function withoutShown(printed: string, text: string | undefined): string {
  return hasShown(printed, text) ? toShown(printed).replaceAll(toShown(text), '') : toShown(printed)
}

/** Whether a terminal shows `text` in what is printed. */
export function hasShown(printed: string, text: string | undefined): text is string {
  return text !== undefined && toShown(text) !== '' && toShown(printed).includes(toShown(text))
}

/** Without the control sequences. */
export function toShown(printed: string): string {
  // oxlint-disable-next-line no-control-regex -- the sequences of a terminal
  return printed.replaceAll(/\x1b\[[\d;?]*[@-~]|\x1b[=>]|\x1b\(B|\x1b\][^\x07\x1b]*\x07|[\x07\x08]|\r(?!\n)/g, '')
}

/** The length of the piece of `text`, continued from `from`, that is printed at `at`. */
function pieceLength(printed: string, at: number, text: string, from: number, least: number): number {
  let length = 0
  while (from + length < text.length && printed[at + length] === text[from + length]) length += 1
  return length >= least || from + length === text.length ? length : 0
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}
