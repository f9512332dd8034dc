/* oxlint-disable no-control-regex -- control characters are what this file is about */
import ansiRegex from 'ansi-regex'

export interface OutputLines {
  /** Takes what a program printed; gives the lines that are finished by it. */
  add(text: string): string[]
  /** The line that is not finished yet. */
  readonly unfinished: string
  /** Gives the unfinished line as it is. */
  flush(): string[]
}

/** A line that grows over this is cut in two, so that what waits here stays bounded. */
const maxLineLength = 32_768

/** Cuts output into lines that may be shown: with their colours, and without anything else that a terminal obeys. */
export function createOutputLines(): OutputLines {
  let waiting = ''
  return {
    add(text) {
      const raw = (waiting + text).split('\n')
      waiting = raw.pop() ?? ''
      const lines = raw.map(toVisibleLine)
      while (waiting.length > maxLineLength) {
        lines.push(toVisibleLine(waiting.slice(0, maxLineLength)))
        waiting = waiting.slice(maxLineLength)
      }
      return lines
    },
    get unfinished() {
      return toVisibleLine(waiting)
    },
    flush() {
      const rest = toVisibleLine(waiting)
      waiting = ''
      return rest === '' ? [] : [rest]
    },
  }
}

const escapes = ansiRegex()
const colour = /^\u001b\[[\d;:]*m$/
/** What is left of control characters once escapes are out: all of C0 but the tab, DEL, and C1. */
const controls = /[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;:]*m)/g
const reset = '\u001b[0m'

/** A line as a terminal would show it at its end: what was overwritten is gone, only colours are obeyed. */
export function toVisibleLine(raw: string): string {
  const shown = raw.split('\r').findLast((piece) => piece !== '') ?? ''
  const safe = shown.replace(escapes, (escape) => (colour.test(escape) ? escape : '')).replace(controls, '')
  // A colour that was left on must not run into what is ours.
  return safe.includes('\u001b') ? safe + reset : safe
}
