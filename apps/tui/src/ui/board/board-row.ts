import type {OverlayRow, OverlayRun} from '@holdfast/ink-composer'
import type {SessionSummary} from '@holdfast/protocol'
import {toListLine, toPlainLine} from '@holdfast/terminal'
import {formatAge, formatTags, shownState, waitingBadge} from '@holdfast/session-view'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'

export interface BoardFacts {
  /** The session is the one on the screen. */
  isHere: boolean
  /** The last line of its output, where it is known. */
  lastLine: string | undefined
  /** The folder as it is shown. */
  folder: string
  /** Epoch ms. */
  now: number
}

const gap = '  '

/** Cells of the columns, by the width of the board: `0` leaves a column out. */
function widthsFor(columns: number): {state: number; title: number; folder: number; age: number} {
  if (columns < 58) return {state: 0, title: 0, folder: 0, age: 6}
  if (columns < 98) return {state: 10, title: 28, folder: 0, age: 6}
  return {state: 10, title: 34, folder: 24, age: 6}
}

const states: Readonly<Record<ReturnType<typeof shownState>, OverlayRun>> = {
  running: {text: '● running', token: 'accent'},
  idle: {text: '○ idle', token: 'muted'},
  stopped: {text: '· stopped', token: 'muted'},
  closed: {text: '· closed', token: 'muted'},
  unreadable: {text: '! damaged', token: 'error'},
  silent: {text: '? silent', token: 'muted'},
}

/**
 * A session in `columns` cells: its state, or the badge of what waits for the user; title and tags, folder, age, last line. A narrow
 * board has fewer of them. A machine of a fleet stands behind the tags. Pure.
 */
export function boardRow(session: SessionSummary, facts: BoardFacts, columns: number): OverlayRow {
  const {title, tags, machine, updated_at} = session
  const {lastLine, folder, now} = facts
  const widths = widthsFor(columns)
  const name = toListLine(title)
  const tagged = [formatTags(tags), machine === undefined ? '' : `@${toPlainLine(machine)}`].join(' ').trim()
  // Nobody knows when a session was used whose machine is away.
  const age = updated_at === 0 ? '-' : formatAge(now - updated_at).replace(' ago', '')
  const state = stateRun(session, facts, widths.state === 0)
  const stateWidth = widths.state === 0 ? stringWidth(state.text) : widths.state
  const runs: OverlayRun[] = [state, {text: ' '.repeat(stateWidth - stringWidth(state.text)) + gap}]
  const beside = stateWidth + gap.length + gap.length + widths.age
  const titleWidth = widths.title === 0 ? Math.max(1, columns - beside) : widths.title
  runs.push(...titleRuns(name, tagged, titleWidth))
  if (widths.folder > 0) runs.push({text: gap + fit(toPlainLine(folder), widths.folder, 'start'), token: 'muted'})
  runs.push({text: gap + age.padStart(widths.age), token: 'muted'})
  const left = columns - runs.reduce((width, {text}) => width + stringWidth(text), 0) - gap.length
  if (lastLine !== undefined && widths.title > 0 && left > 8)
    runs.push({text: gap + cliTruncate(toPlainLine(lastLine), left), token: 'muted'})
  const words = [name, tagged, shownState(session), folder, lastLine ?? '', facts.isHere ? 'here' : '']
  return {text: words.join(' '), runs}
}

function stateRun(session: SessionSummary, {isHere}: BoardFacts, isShort: boolean): OverlayRun {
  const {state, waits_for, before_restart} = session
  if (waits_for !== undefined && state !== 'closed') return {text: ` ${waitingBadge(waits_for)} `, token: 'badge'}
  const {text, token} = isHere
    ? ({text: '▸ here', token: 'accent'} as const)
    : before_restart === true
      ? ({text: '↻ restart', token: 'accent'} as const)
      : states[shownState(session)]
  return {text: isShort ? text.slice(0, 1) : text, ...(token !== undefined && {token})}
}

/** Tags and machine give way to the title. */
function titleRuns(name: string, tags: string, width: number): OverlayRun[] {
  const shownName = cliTruncate(name, width)
  const room = width - stringWidth(shownName) - 1
  const shownTags = tags === '' || room < 2 ? '' : ` ${cliTruncate(tags, room)}`
  const rest = width - stringWidth(shownName) - stringWidth(shownTags)
  return [{text: shownName, token: 'strong'}, {text: shownTags, token: 'accent'}, {text: ' '.repeat(rest)}]
}

function fit(text: string, width: number, position: 'start' | 'end'): string {
  const cut = cliTruncate(text, width, {position})
  return cut + ' '.repeat(width - stringWidth(cut))
}
