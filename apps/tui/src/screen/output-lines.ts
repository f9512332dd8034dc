/* oxlint-disable no-control-regex -- control characters are what this file is about */
import ansiRegex from 'ansi-regex'

import {toVisibleLine} from '../to-visible-line.ts'

export interface OutputLines {
  /** Takes what a program printed; gives the lines that are finished by it. */
  add(text: string): string[]
  /** The line that is not finished yet. */
  readonly unfinished: string
  /** Gives the unfinished line as it is. */
  flush(): string[]
}

/**
 * What waits for the end of its line, in UTF-16 units; a line without an end is shown in pieces of about this length, so
 * that what waits stays bounded. Colours end with their piece.
 */
const maxWaitingLength = 32_768

/** Cuts output into lines that may be shown: with their colours, and without anything else that a terminal obeys. */
export function createOutputLines(): OutputLines {
  let waiting = ''
  return {
    add(text) {
      const raw = (waiting + text).split('\n')
      waiting = raw.pop() ?? ''
      const lines = raw.map(toVisibleLine)
      while (waiting.length > maxWaitingLength) {
        const end = cutBefore(waiting, maxWaitingLength)
        lines.push(toVisibleLine(waiting.slice(0, end)))
        waiting = waiting.slice(end)
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

/** An escape that is longer than this may be cut. */
const maxUncutLength = 4096
/** Far more than a character has. */
const characterLength = 64
const characters = new Intl.Segmenter(undefined, {granularity: 'grapheme'})
const wholeEscapes = ansiRegex()
const escapeStarts = /[\u001b\u0090\u0098\u009b\u009d-\u009f]/

/** The last place, at `limit` or shortly before, where a text can be cut without cutting an escape or a character. */
function cutBefore(text: string, limit: number): number {
  const from = limit - maxUncutLength
  const around = text.slice(from, limit + maxUncutLength)
  // Escapes that are whole before the cut are covered; what begins before it and is not covered would be cut.
  const covered = around.replace(wholeEscapes, (escape, index: number) =>
    index + escape.length <= maxUncutLength ? ' '.repeat(escape.length) : escape,
  )
  const start = covered.slice(0, maxUncutLength).search(escapeStarts)
  if (start !== -1) return from + start
  const {index = 0} =
    characters.segment(text.slice(limit - characterLength, limit + characterLength)).containing(characterLength) ?? {}
  return limit - characterLength + index
}
