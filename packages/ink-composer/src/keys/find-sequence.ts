/* oxlint-disable no-control-regex -- control sequences are what this file is about */

/** The control sequence at the beginning of a text. Lengths are UTF-16 units. */
export type Sequence =
  /** A key, for Ink. */
  | {kind: 'key'; length: number}
  | {kind: 'paste-start'; length: number}
  /** A report of the terminal, such as a colour or a mouse click: no key. */
  | {kind: 'report'; length: number}
  /** The beginning of a key or of a report. `isKey`: taken alone, it is a key, such as Escape or Alt-P. */
  | {kind: 'unfinished'; isKey: boolean}
  /** The beginning of an operating system command or another string, up to the end of the text. */
  | {kind: 'unfinished-string'}
  /** A sequence that breaks off: the rest of the text begins with something else. */
  | {kind: 'broken'; length: number}

const pasteStart = '\u001b[200~'

/** The end of an OSC, DCS, APC, PM or SOS string. BEL ends only an OSC by the standard; a key never contains it. */
export const stringEnd = /\u0007|\u009c|\u001b\\/

/**
 * Reads the control sequence at the beginning of `text`, which begins with ESC. Grammar: ECMA-48, section 5.4; X10 mouse
 * reports and the strings by XTerm Control Sequences; `ESC [ [ A` by the Linux console, `ESC [ 2 $` by rxvt.
 */
export function findSequence(text: string): Sequence {
  if (text.startsWith(pasteStart)) return {kind: 'paste-start', length: pasteStart.length}
  if (text.startsWith('\u001b[M'))
    return text.length < 6 ? {kind: 'unfinished', isKey: false} : {kind: 'report', length: 6}
  if (/^\u001b[\]P_^X]/.test(text)) return findString(text)
  // ESC before a sequence means Alt.
  const whole = /^\u001b{1,2}(?:\[\[[A-E]|\[[235678]\$(?![\u0020-\u007e])|\[[0-?]*[ -/]*[@-Z\\-~]|O[\d;]*[@-~])/.exec(
    text,
  )
  if (whole !== null) return {kind: isReport(whole[0]) ? 'report' : 'key', length: whole[0].length}
  const begun = /^\u001b{1,2}(?:\[[0-?]*[ -/]*\[?|O[\d;]*)?$/.exec(text)
  if (begun !== null) return {kind: 'unfinished', isKey: text.length <= 2}
  const broken = /^\u001b{1,2}(?:\[[0-?]*[ -/]*|O[\d;]+)/.exec(text)
  if (broken !== null) return {kind: 'broken', length: broken[0].length}
  // ESC and a character, which means Alt.
  return {kind: 'key', length: 1 + ((text.codePointAt(1) ?? 0) > 0xffff ? 2 : 1)}
}

function findString(text: string): Sequence {
  if (text.length === 2) return {kind: 'unfinished', isKey: true}
  const end = stringEnd.exec(text.slice(2))
  return end === null ? {kind: 'unfinished-string'} : {kind: 'report', length: 2 + end.index + end[0].length}
}

/** Mouse, focus, cursor position, modes, attributes, window size: what terminals send without a key press. */
function isReport(sequence: string): boolean {
  return /^\u001b\[(?:<[\d;]*[Mm]|\d+;\d+;\d+M|[IO]|[?>=][\d;]*[A-Za-z]|[?\d;]*\$y|\d+;\d+R|\d+(?:;\d+)*[tnxc])$/.test(
    sequence,
  )
}
