/* oxlint-disable no-control-regex -- control characters are what this file is about */
import ansiRegex from 'ansi-regex'

const escapes = ansiRegex()
const colour = /^\u001b\[[\d;:]*m$/
/** What is left of control characters once escapes are out: all of C0 but the tab, DEL, and C1. */
const controls = /[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;:]*m)/g
/** Besides all controls: what turns the order in which letters are shown, and with it that of our own words behind them. */
const allControls = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
const reset = '\u001b[0m'

/** A line as a terminal would show it at its end: what was overwritten is gone, only colours are obeyed. */
export function toVisibleLine(raw: string): string {
  const shown = raw.split('\r').findLast((piece) => piece !== '') ?? ''
  const safe = shown.replace(escapes, (escape) => (colour.test(escape) ? escape : '')).replace(controls, '')
  // A colour that was left on must not run into what is ours.
  return safe.includes('\u001b') ? safe + reset : safe
}

/**
 * A text that comes from others, which is no output: a title, a prompt, a reason. All of it is there, as one line, and
 * nothing in it is obeyed.
 */
export function toPlainLine(text: string): string {
  return toPlainLines(text).join(' ')
}

/** The same with the lines that it has. */
export function toPlainLines(text: string): string[] {
  return text
    .replace(escapes, '')
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('\t', ' ').replace(allControls, ''))
}
