import {toPlainOutput} from '@holdfast/terminal'

import {linesWithoutRemarks} from '../support/tui.ts'

/** A command that has ended, in a transcript or a log. */
export interface EndedRun {
  output: string[]
  /** `✓ 0.1 s` */
  end: string
}

const endMark = /^(?:✓|✗|■)(?: |$)/

/** The last run of a command; undefined while it has not ended. */
export function findRun(transcript: string, text: string): EndedRun | undefined {
  const lines = linesWithoutRemarks(toPlainOutput(transcript))
  const [first, ...others] = text.split('\n')
  const start = lines.findLastIndex((line) => line.trimEnd() === `❯ ${first}`.trimEnd())
  if (start === -1) return undefined
  const rest = lines.slice(start + 1 + others.length)
  const at = rest.findIndex((line) => endMark.test(line))
  return at === -1 ? undefined : {output: rest.slice(0, at), end: rest[at]!}
}
