import {Box, Text} from 'ink'
import {useEffect, useState, useSyncExternalStore} from 'react'
import {ComposerKeys, draftRows, hintRow, overlayRows, type Composer, type TerminalKeys} from '@holdfast/ink-composer'
import type {OutputView} from '@holdfast/terminal'
import {firstRows} from '@holdfast/terminal/rows'

import {approvalOverlayId} from './composer/approval-overlay.ts'
import {queueOverlayId} from './composer/queue-overlay.ts'
import {activityRows} from './live/activity-rows.ts'
import {bandRow} from './live/band-row.ts'
import {giveRows, listRoom} from './live/give-rows.ts'
import {keyHints} from './live/key-hints.ts'
import {
  collapsedRows,
  noticeRows,
  offerRows,
  outputRows,
  programPrompt,
  queueRows,
  shellPrompt,
} from './live/live-rows.ts'
import {approvalRows, drawQuestion} from './live/question-rows.ts'
import {tabsLine} from './live/tabs-line.ts'
import {welcomeRows} from './live/welcome-rows.ts'
import type {ScreenModel, ShownQuestion} from './screen-model.ts'
import {statusLine, tickMs} from './status-line.ts'

export interface AppProps {
  model: ScreenModel
  composer: Composer
  keys: TerminalKeys
  /** Shows the keys of the moment, and what to do on an empty screen. @default true */
  hasHints?: boolean
  /** Called with each frame while it is rendered. */
  onFrame: (frame: Frame) => void
}

/** The rows of the live region. */
export interface Frame {
  rows: readonly string[]
  /** How many of the first rows are output; 0 if not all output fits. */
  outputRows: number
  /** How many rows before the output's own count collapsed lines. */
  countRows: number
  output: OutputView | undefined
  /** The `id` of the overlay, if rows of it are in the frame. */
  overlay: string | undefined
  /** The question of the agent that is open, if some of it is among the rows. */
  question: ShownQuestion | undefined
}

/** A draft gets half of the screen, and at least this many rows. */
const minDraftRows = 3
/** With fewer rows, those that only look good are left out. */
const roomyRows = 16

/** The live region: unfinished output, queue, notices, status line, composer. Finished lines are above it. */
export function App({model, composer, keys, hasHints = true, onFrame}: AppProps) {
  const snapshot = useSyncExternalStore(model.subscribe, () => model.snapshot)
  const view = useSyncExternalStore(composer.subscribe, () => composer.view)
  const {cols: columns, rows} = snapshot.size
  const {paint} = snapshot
  const now = useTime((at) => tickMs(snapshot, at))

  const ofProgram = programPrompt(snapshot, view.target)
  const {above, prompt} = view.target === 'prompt' ? shellPrompt(snapshot, view.target) : ofProgram
  const output = outputRows(snapshot, ofProgram)
  const activity = activityRows(snapshot, now)
  const queue = view.overlay?.id === queueOverlayId ? [] : queueRows(snapshot)
  const question = view.overlay?.id === approvalOverlayId ? view.overlay : undefined
  const asked = question === undefined ? approvalRows(snapshot) : []
  const notes = [...offerRows(snapshot), ...noticeRows(snapshot, columns)]
  const notices = [...asked, ...notes.map((row) => paint('warning', row))]
  const draft = [
    ...above,
    ...draftRows(view, {columns, rows: Math.max(minDraftRows, Math.floor(rows / 2))}, prompt, paint),
  ]
  const drawn = question && drawQuestion(snapshot, question, rows)
  // Without a selected row, it cannot be scrolled.
  const overlayRoom = view.overlay?.selected === undefined ? rows : listRoom(rows)
  const overlay = question === undefined ? overlayRows(view, {columns, rows: overlayRoom}, paint) : (drawn?.rows ?? [])
  const isRoomy = rows >= roomyRows
  const tabs = isRoomy ? tabsLine(snapshot.tabs, columns, paint) : []
  // A menu or a list is long, and has a title.
  const isListing = view.overlay !== undefined && question === undefined
  const isHinting = hasHints && isRoomy
  const welcome = isHinting && view.overlay === undefined ? welcomeRows(snapshot) : []
  const hint = view.hint ?? (isHinting && view.overlay === undefined ? keyHints(snapshot, view) : undefined)
  const requests = {
    composer: draft.length,
    // It stays while there is nothing to say: the draft would move.
    hint: isHinting || hint !== undefined ? 1 : 0,
    gaps: !isRoomy || isListing ? 0 : queue.length + notices.length > 0 ? 2 : 1,
    overlay: overlay.length,
    notices: notices.length,
    queue: queue.length,
    activity: activity.length,
    tabs: tabs.length,
    output: output.length + welcome.length,
  }
  const given = giveRows(rows, requests, drawn?.least)
  const shownQuestion = question && given.overlay > 0 ? drawQuestion(snapshot, question, given.overlay) : undefined
  const isQuestionShown = question === undefined ? asked.length > 0 && given.notices > 0 : given.overlay > 0
  const shown = {
    output: given.output === 0 ? [] : [...output, ...welcome.map((row) => paint('muted', row))].slice(-given.output),
    activity: firstRows(activity, given.activity),
    firstGap: given.gaps < 2 ? [] : [''],
    queue: firstRows(queue, given.queue),
    notices: firstRows(notices, given.notices),
    lastGap: given.gaps === 0 ? [] : [''],
    tabs: firstRows(tabs, given.tabs),
    status: given.status === 0 ? [] : [statusLine(snapshot, now, columns, {isQuestionShown})],
    overlay:
      question === undefined ? overlayRows(view, {columns, rows: given.overlay}, paint) : (shownQuestion?.rows ?? []),
    composer: (given.composer === draft.length
      ? draft
      : draftRows(view, {columns, rows: given.composer}, prompt, paint)
    ).map((row) => bandRow(row, columns, paint)),
    hint: given.hint === 0 ? [] : [hint === undefined ? '' : hintRow(hint, columns, paint)],
  }
  onFrame({
    rows: Object.values(shown).flat(),
    outputRows: shown.output.length === output.length + welcome.length ? output.length : 0,
    countRows: collapsedRows(snapshot).length,
    output: snapshot.output,
    overlay: given.overlay > 0 ? view.overlay?.id : undefined,
    question: shownQuestion,
  })

  return (
    <Box flexDirection="column">
      <Rows rows={shown.output} />
      <Rows rows={shown.activity} />
      <Rows rows={shown.firstGap} />
      <Rows rows={shown.queue.map((row) => paint('muted', row))} />
      <Rows rows={shown.notices} />
      <Rows rows={shown.lastGap} />
      <Rows rows={shown.tabs} />
      <Rows rows={shown.status} />
      {/* Another question is a frame of its own, even if it looks the same. */}
      <Rows key={shownQuestion?.id} rows={shown.overlay} />
      <Rows rows={shown.composer} />
      <Rows rows={shown.hint} />
      <ComposerKeys composer={composer} keys={keys} />
    </Box>
  )
}

function Rows({rows}: {rows: readonly string[]}) {
  // A row is identified by its place, not by its content.
  return rows.map((row, index) => (
    <Text key={index} wrap="truncate">
      {row === '' ? ' ' : row}
    </Text>
  ))
}

/** The time, epoch ms, updated as often as `tickAt` says for a time. */
function useTime(tickAt: (now: number) => number | undefined): number {
  const [now, setNow] = useState(Date.now)
  const everyMs = tickAt(now)
  useEffect(() => {
    if (everyMs === undefined) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
