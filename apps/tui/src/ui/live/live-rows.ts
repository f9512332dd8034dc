import {styleText} from 'node:util'
import {toPlainLine, toPlainLines, wrapRows} from '@holdfast/terminal'
import {fitKeys} from '@holdfast/ink-composer'

import {count} from '../blocks/run-block.ts'
import type {ScreenSnapshot} from '../screen-model.ts'
import {whyOutOfReach} from '../status-line.ts'

/** What the running program shows: its last rows, with a count of those that are folded. Pure. */
export function outputRows({output, session, size}: ScreenSnapshot): readonly string[] {
  if (output === undefined) return []
  if (output.isFullScreen) {
    const program = programOf(session?.running?.text ?? '') || 'The program'
    const said = wrapRows(`${program} wants the whole terminal: Ctrl-O gives it`, size.cols)
    return said.map((row) => styleText('yellow', row))
  }
  if (output.collapsedLines === 0) return output.rows
  return [styleText('dim', `… ${count(output.collapsedLines)} folded`), ...output.rows]
}

/** The name of the program that a command starts, as far as it can be told from its first words. */
function programOf(command: string): string {
  const words = toPlainLine(command).trim().split(/\s+/)
  const first = words.find((word) => !/^\w+=/.test(word) && word !== 'sudo') ?? ''
  return first.slice(first.lastIndexOf('/') + 1)
}

/** Of the prompts that wait, besides the last one. */
const firstShown = 2

/** The prompts that wait, and what can be done about them. Pure. */
export function queueRows({session, unsent, size}: ScreenSnapshot): readonly string[] {
  const queue = session?.queue ?? []
  const waiting = [...queue, ...unsent]
  const rows = waiting
    .map(({text}, index) => `  ${index + 1}. ${toPlainLines(text)[0] ?? ''}`)
    .filter((_, index) => index < firstShown || index === waiting.length - 1)
  return queue.length === 0
    ? rows
    : [...rows, `  ${fitKeys('↑ changes the queue · Ctrl-T gives input to what runs', size.cols - 2)}`]
}

/** What the user should know, in rows. Pure. */
export function noticeRows(snapshot: ScreenSnapshot, columns: number): readonly string[] {
  return [whyOutOfReach(snapshot), snapshot.notice].flatMap((text) =>
    text === undefined ? [] : toPlainLines(text).flatMap((line) => wrapRows(line, columns)),
  )
}
