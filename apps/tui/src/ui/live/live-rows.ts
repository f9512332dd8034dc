import {styleText} from 'node:util'
import {toPlainLine, toPlainLines} from '@holdfast/terminal'
import {firstRows, wrapRows} from '@holdfast/terminal/rows'
import {fitKeys} from '@holdfast/ink-composer'

import {formatLines} from '../../format/quantities.ts'
import {waitingPrompts, type ScreenSnapshot} from '../screen-model.ts'
import {whyOutOfReach} from '../status-line.ts'

/** The last rows of the running command, after the count of collapsed lines. Pure. */
export function outputRows({output, session, size}: ScreenSnapshot): readonly string[] {
  if (output === undefined) return []
  if (output.isFullScreen) {
    const program = programOf(session?.running?.text ?? '') || 'The program'
    const rows = wrapRows(`${program} needs the whole terminal: press Ctrl-O`, size.cols)
    return rows.map((row) => styleText('yellow', row))
  }
  if (output.collapsedLines === 0) return output.rows
  return [styleText('dim', `… ${formatLines(output.collapsedLines)} collapsed`), ...output.rows]
}

/** The name of the program that a command starts, guessed from its first words. */
function programOf(command: string): string {
  const words = toPlainLine(command).trim().split(/\s+/)
  const first = words.find((word) => !/^\w+=/.test(word) && word !== 'sudo') ?? ''
  return first.slice(first.lastIndexOf('/') + 1)
}

/** Queued prompts that are shown besides the last one. */
const firstShown = 2

/** The queue and its keys. Pure. */
export function queueRows(snapshot: ScreenSnapshot): readonly string[] {
  const {session, size} = snapshot
  const waiting = waitingPrompts(snapshot)
  const rows = waiting
    .map(({text}, index) => `  ${index + 1}. ${toPlainLines(text)[0] ?? ''}`)
    .filter((_, index) => index < firstShown || index === waiting.length - 1)
  return (session?.queue.length ?? 0) === 0
    ? rows
    : [...rows, `  ${fitKeys('↑ edits the queue · Ctrl-T sends input to the program', size.cols - 2)}`]
}

/** The longest title of a question that is shown, rows; the overlay shows more. */
const maxTitleRows = 5

/** The first question of the agent, its choices, and the key that answers it. Pure. */
export function approvalRows({session, size}: ScreenSnapshot): readonly string[] {
  const [first, ...others] = session?.approvals ?? []
  if (first === undefined) return []
  const wrap = (text: string) => toPlainLines(text).flatMap((line) => wrapRows(line, size.cols))
  const choices = first.choices.map(({label}, at) => `${at + 1}. ${label}`).join(' · ')
  const more = others.length === 0 ? [] : [`${others.length} more wait`]
  return [
    ...firstRows(wrap(`The agent asks: ${first.title}`), maxTitleRows),
    ...wrap(choices),
    `  ${fitKeys(['Ctrl-T answers it', ...more].join(' · '), size.cols - 2)}`,
  ]
}

/** Notices, and why the session is out of reach. Pure. */
export function noticeRows(snapshot: ScreenSnapshot, columns: number): readonly string[] {
  return [whyOutOfReach(snapshot), snapshot.notice].flatMap((text) =>
    text === undefined ? [] : toPlainLines(text).flatMap((line) => wrapRows(line, columns)),
  )
}
