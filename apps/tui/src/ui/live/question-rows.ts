import {describeKey, fitKeys, joinHints, type OverlayView} from '@holdfast/ink-composer'
import {toPlainLine, toPlainLines} from '@holdfast/terminal'
import {firstRows, wrapRows} from '@holdfast/terminal/rows'
import {formatLines} from '@holdfast/session-view'
import cliTruncate from 'cli-truncate'

import type {ScreenSnapshot} from '../screen-snapshot.ts'
import {questionBody} from './question-body.ts'

/** The longest title of a question that is shown, rows. */
const maxTitleRows = 5
/** Rows of the title and of what the question is about that come before the other parts of the screen. */
const leastAbove = 4

/** The first question of the agent while it is not open: its choices, and the key that opens it. Pure. */
export function approvalRows({session, size, bindings, paint}: ScreenSnapshot): readonly string[] {
  const [first, ...others] = session?.approvals ?? []
  if (first === undefined) return []
  const choices = first.choices.map(({label}, at) => `${at + 1}. ${toPlainLine(label)}`).join(' · ')
  const more = others.length === 0 ? undefined : `${others.length} more wait`
  return [
    ...drawTitle(firstRows(titleRows(first.title, size.cols), maxTitleRows), paint),
    ...wrapRows(choices, size.cols - 2).map((row) => `  ${row}`),
    `  ${paint('muted', fitKeys(joinHints(describeKey(bindings, 'ctrl-t', 'answers it'), more), size.cols - 2))}`,
  ]
}

export interface DrawnQuestion {
  rows: readonly string[]
  /** The id of the question. */
  id: string
  /** All choices and the keys are among the rows: else no choice may be taken. */
  isWhole: boolean
  /** The rows that it needs before the other parts of the screen get some. */
  least: number
}

/**
 * The question that is open, within `room` rows: its title, what it is about, its choices and keys. The title and what it is about are cut,
 * and the lines left out are counted; the choices never are: where they do not fit, a row says so in their place. While the question takes no
 * keys yet, the choices are muted. `undefined`: there is none.
 */
export function drawQuestion(
  {session, activity, size, paint, bindings}: ScreenSnapshot,
  {rows, selected, footer}: OverlayView,
  room: number,
): DrawnQuestion | undefined {
  const [asked] = session?.approvals ?? []
  if (asked === undefined) return undefined
  const {approval_id: id, title, tool_call_id} = asked
  const tool = activity?.tools.find((running) => running.id === tool_call_id)
  const {cols} = size
  const choices = rows.flatMap(({text}, at) =>
    choiceRows(text, cols).map((row) =>
      at === selected ? paint('selection', row.padEnd(cols)) : footer === undefined ? paint('muted', row) : row,
    ),
  )
  const fixed = choices.length + 1
  const titleAll = titleRows(title, cols)
  const body = questionBody(tool, title, {columns: cols, paint}, room)
  const least = fixed + Math.min(leastAbove, titleAll.length + body.lines.flat().length)
  const spare = room - fixed
  if (spare < (body.count === 0 ? 1 : 2)) {
    const refusal = paint('warning', fitKeys('Enlarge the terminal to answer · Esc later', cols - 2))
    const above = drawTitle(cutTitle(titleAll, Math.min(2, room - 1), cols), paint)
    return {rows: [...above, `  ${refusal}`].slice(0, room), id, isWhole: false, least}
  }
  const titleRoom = Math.max(spare - Math.max(1, body.lines.flat().length), Math.ceil(spare / 2))
  const shownTitle = cutTitle(
    titleAll,
    Math.min(maxTitleRows, body.count === 0 ? spare : Math.min(spare - 1, titleRoom)),
    cols,
  )
  const keys = `  ${paint('muted', fitKeys(footer ?? '', cols - 2))}`
  const above = [...drawTitle(shownTitle, paint), ...bodyRows(spare - shownTitle.length)]
  return {rows: [...above, ...choices, keys], id, isWhole: true, least}

  function bodyRows(left: number): readonly string[] {
    const all = body.lines.flat()
    if (body.lines.length === body.count && all.length <= left) return all
    const shown = all.slice(0, left - 1)
    let [whole, used] = [0, 0]
    for (const line of body.lines) if ((used += line.length) <= shown.length) whole++
    const shows = describeKey(bindings, 'ctrl-]', 'prints them')
    const count = joinHints(`… ${formatLines(body.count - whole)} more`, shows)
    return [...shown, paint('warning', `  ${fitKeys(count, cols - 2)}`)]
  }
}

/** `1. Allow once`; the rows after the first one are below the label. */
function choiceRows(text: string, columns: number): readonly string[] {
  const [, number = '', label = ''] = /^(\d+\. |)(.*)$/.exec(toPlainLine(text)) ?? []
  const indent = ' '.repeat(number.length)
  return wrapRows(label, columns - 2 - number.length).map((row, at) => `  ${at === 0 ? number : indent}${row}`)
}

const badge = 'ALLOW?'
/** What is left of the title in each row, cells. */
const beside = badge.length + 3

function titleRows(title: string, columns: number): readonly string[] {
  return toPlainLines(title).flatMap((line) => wrapRows(line, columns - beside))
}

/** The first `room` rows; `…` at the end says that there are more. */
function cutTitle(rows: readonly string[], room: number, columns: number): readonly string[] {
  if (rows.length <= room) return rows
  const [last = ''] = rows.slice(Math.max(0, room - 1))
  return [...rows.slice(0, Math.max(0, room - 1)), cliTruncate(`${last}…`, columns - beside)].slice(
    0,
    Math.max(0, room),
  )
}

function drawTitle(rows: readonly string[], paint: ScreenSnapshot['paint']): readonly string[] {
  const [begin, ...others] = rows
  if (begin === undefined) return []
  const indent = ' '.repeat(beside)
  return [
    `${paint('badge', ` ${badge} `)} ${paint('strong', begin)}`,
    ...others.map((row) => indent + paint('strong', row)),
  ]
}
