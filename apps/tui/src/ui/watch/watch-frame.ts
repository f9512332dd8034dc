import {joinHints, overlayRows, type OverlayRow} from '@holdfast/ink-composer'
import type {ScreenSnapshot} from '@holdfast/protocol'
import {toListLine, toPlainLine, type TerminalSize} from '@holdfast/terminal'
import cliTruncate from 'cli-truncate'

import {snapshotAnsi, snapshotText} from '../../export/draw-snapshot.ts'
import type {Paint} from '../../theme/paint.ts'

/** What the board of `holdfast watch` shows. */
export interface WatchView {
  /** `undefined`: the sessions are not known yet. */
  rows: readonly OverlayRow[] | undefined
  /** Index of the chosen session in `rows`; -1: there is none. */
  selected: number
  /** How many of them wait for the user. */
  waiting: number
  chosen: ChosenSession | undefined
  /** The reason why the frame may be out of date, such as a lost connection. */
  problem: string | undefined
}

export interface ChosenSession {
  title: string
  /** The screen of the program that runs in it. */
  screen: ScreenSnapshot | undefined
  /** The end of what it has printed, where no program runs. */
  output: string | undefined
}

export interface FrameOptions {
  paint: Paint
  /** Draw the colours of programs. */
  hasColors: boolean
}

/** Rows around the list and the screen of the chosen session: a title, a rule, the keys. */
const ownRows = 3
/** A smaller window has only the list. */
const leastRows = 8
/** The list has at most this part of the others. */
const listShare = 0.4

/** The rows of the window: the sessions, and the screen of the chosen one. Pure. */
export function watchFrame(view: WatchView, {cols, rows}: TerminalSize, {paint, hasColors}: FrameOptions): string[] {
  const {rows: sessions, selected, chosen} = view
  const room = Math.max(0, rows - ownRows)
  const count = Math.max(1, sessions?.length ?? 0)
  const isSmall = rows < leastRows
  const listRows = isSmall ? Math.max(1, rows - 2) : Math.min(count, Math.max(3, Math.floor(room * listShare)))
  const overlay = {
    rows: sessions === undefined || sessions.length === 0 ? [{text: describeNone(sessions)}] : sessions,
    ...(selected >= 0 && {selected}),
  }
  const cut = (row: string) => cliTruncate(row, cols)
  const list = overlayRows({overlay}, {columns: cols, rows: listRows}, paint).map(cut)
  const hidden = count - list.length
  const keys = joinHints('Enter opens it', '↑↓ choose', 'q leaves', ...(hidden > 0 ? [`${hidden} more`] : []))
  const head = paint('strong', cut(describeCount(sessions?.length ?? 0, view.waiting)))
  const foot =
    view.problem === undefined
      ? paint('muted', cut(`  ${keys}`))
      : paint('warning', cut(`  ${toPlainLine(view.problem)}`))
  if (isSmall) return [head, ...list, foot].slice(0, rows)
  const height = room - list.length
  const shown = chosen === undefined ? [] : chosenRows(chosen, height, hasColors).map(cut)
  const rule = chosen === undefined ? '' : `── ${toListLine(chosen.title)} `
  const blank = Array.from({length: height - shown.length}, () => '')
  return [head, ...list, paint('rule', cut(rule.padEnd(cols, '─'))), ...shown, ...blank, foot]
}

function describeNone(sessions: readonly OverlayRow[] | undefined): string {
  return sessions === undefined ? 'reading …' : 'No session is open.'
}

function describeCount(open: number, waiting: number): string {
  return `${open} open ${open === 1 ? 'session' : 'sessions'}${waiting === 0 ? '' : ` · ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for you`}`
}

function chosenRows({screen, output = ''}: ChosenSession, height: number, hasColors: boolean): string[] {
  if (screen === undefined) return output.trimEnd().split('\n').slice(-height).map(toPlainLine)
  const drawn = hasColors ? snapshotAnsi(screen) : snapshotText(screen)
  const last = Math.max(
    screen.cursor.row,
    drawn.findLastIndex((row) => row !== ''),
  )
  // The cursor is where something happens.
  const end = Math.min(last + 1, Math.max(height, screen.cursor.row + 1))
  return drawn.slice(Math.max(0, end - height), end)
}
