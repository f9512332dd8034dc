/**
 * What a shell draws between two commands: its prompt, and the echo of the line that is typed. A background job may print
 * between any two writes of the shell, so both may be in pieces. Texts have one character for each byte.
 */

/** Shorter equal text may be a job's, unless it directly follows what the shell has printed. */
export const MIN_PIECE = 4
/** How fish resets the colours. */
const RESET = String.raw`(?:\x1b\[30m)?\x1b\(B\x1b\[m`
/**
 * Moves to where a line editor draws its line again. The bounds keep a flood of one sequence from costing its square. Before a mode is
 * set, zsh has moved back from the prompt on the right.
 */
const MOVE_BACK = String.raw`(?:\r{0,8}\n)?(?:\x1b\[A){1,128}\x1b\[\d+C|\r(?:\x1b\[\d*C){1,128}|(?:\x1b\[A){0,128}(?:\x08{1,128}|\x1b\[\d+D)(?=\x1b\[[^?])`
const MOVE_DOWN = String.raw`(?:\x1b\[A){1,128}\r{0,8}(?:\r\n){1,128}(?:\x1b\[\d+C)?|\x1b\[\d+B(?=\r)`
const MODE = String.raw`\x1b\[\?(?:1|2004)[hl]|\x1b[=>]`
const TITLE = String.raw`\x1b\][^\x07\x1b]{0,4096}\x07`
/** What line editors print to move, to erase, to highlight, to set the title; a space that wraps a line. */
export const DRAWING = new RegExp(
  String.raw`${RESET}|${MOVE_BACK}|${MOVE_DOWN}|\x1b\[[\d;?]*[A-HJKPXhlm@]|\x1b[=>]|\x1b\(B|${TITLE}|\x07|\x08{1,128}| ?\r(?!\n)`,
  'y',
)
/** Only a line editor prints these. */
export const EDITOR = new RegExp(String.raw`${MODE}|${MOVE_BACK}|${MOVE_DOWN}|\x1b\[30m\x1b\(B\x1b\[m`, 'y')
/** These, only between the beginning of an echo and its end. */
export const INSIDE = new RegExp(String.raw`${MOVE_BACK}|\x1b\[\?1l|\x1b>`, 'y')
/** All of these begin so. */
export const SPECIAL = '\x1b\x07\x08\r\n '

/** Removes a text, not empty, that may be in pieces. Returns what is printed among them, and where the first begins and the last ends. */
export function removePieces(printed: string, text: string): {rest: string; begin: number; end: number} | undefined {
  if (text === '') return undefined
  const whole = printed.indexOf(text)
  if (whole !== -1) return {rest: printed.slice(0, whole), begin: whole, end: whole + text.length}
  let rest = ''
  let begin = 0
  let matched = 0
  for (let at = 0; at < printed.length;) {
    const length = pieceLength(printed, at, text, matched, MIN_PIECE)
    if (length === 0) rest += printed.charAt(at++)
    else if (matched === 0) begin = at
    at += length
    matched += length
    if (matched === text.length) return {rest, begin, end: at}
  }
  return undefined
}

/** Without what a line editor prints to draw. */
export function withoutDrawing(printed: string): string {
  return withoutModes(printed.replace(new RegExp(`^(?:${DRAWING.source})+`), ''))
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

/** The length of what a sticky pattern matches at this position; 0 if nothing. */
export function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}
