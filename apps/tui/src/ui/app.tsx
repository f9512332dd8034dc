import {Box, Text} from 'ink'
import {useEffect, useState, useSyncExternalStore} from 'react'
import {ComposerKeys, draftRows, overlayRows, type Composer, type TerminalKeys} from '@holdfast/ink-composer'
import type {OutputView} from '@holdfast/terminal'
import {firstRows} from '@holdfast/terminal/rows'

import {approvalOverlayId} from './composer/approval-overlay.ts'
import {queueOverlayId} from './composer/queue-overlay.ts'
import {giveRows} from './live/give-rows.ts'
import {
  approvalRows,
  collapsedRows,
  noticeRows,
  offerRows,
  outputRows,
  programPrompt,
  queueRows,
  shellPrompt,
} from './live/live-rows.ts'
import type {ScreenModel} from './screen-model.ts'
import {statusLine, tickMs} from './status-line.ts'

export interface AppProps {
  model: ScreenModel
  composer: Composer
  keys: TerminalKeys
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
}

/** A draft gets half of the screen, and at least this many rows. */
const minDraftRows = 3

/** The live region: unfinished output, queue, notices, status line, composer. Finished lines are above it. */
export function App({model, composer, keys, onFrame}: AppProps) {
  const snapshot = useSyncExternalStore(model.subscribe, () => model.snapshot)
  const view = useSyncExternalStore(composer.subscribe, () => composer.view)
  const {cols: columns, rows} = snapshot.size
  const now = useTime(tickMs(snapshot))

  const ofProgram = programPrompt(snapshot, view.target)
  const {above, prompt} = view.target === 'prompt' ? shellPrompt(snapshot, view.target) : ofProgram
  const output = outputRows(snapshot, ofProgram)
  const queue = view.overlay?.id === queueOverlayId ? [] : queueRows(snapshot)
  const asked = view.overlay?.id === approvalOverlayId ? [] : approvalRows(snapshot)
  const notices = [...asked, ...offerRows(snapshot), ...noticeRows(snapshot, columns)]
  const draft = [...above, ...draftRows(view, {columns, rows: Math.max(minDraftRows, Math.floor(rows / 2))}, prompt)]
  const overlay = overlayRows(view, {columns, rows})
  const given = giveRows(rows, {
    composer: draft.length,
    overlay: overlay.length,
    notices: notices.length,
    queue: queue.length,
    output: output.length,
  })
  const shown = {
    output: given.output === 0 ? [] : output.slice(-given.output),
    queue: firstRows(queue, given.queue),
    notices: firstRows(notices, given.notices),
    status: given.status === 0 ? [] : [statusLine(snapshot, now, columns)],
    overlay: given.overlay === overlay.length ? overlay : overlayRows(view, {columns, rows: given.overlay}),
    composer: given.composer === draft.length ? draft : draftRows(view, {columns, rows: given.composer}, prompt),
  }
  onFrame({
    rows: Object.values(shown).flat(),
    outputRows: shown.output.length === output.length ? output.length : 0,
    countRows: collapsedRows(snapshot).length,
    output: snapshot.output,
  })

  return (
    <Box flexDirection="column">
      <Rows rows={shown.output} />
      <Rows rows={shown.queue} dimColor />
      <Rows rows={shown.notices} color="yellow" />
      <Rows rows={shown.status} dimColor />
      <Rows rows={shown.overlay} />
      <Rows rows={shown.composer} />
      <ComposerKeys composer={composer} keys={keys} />
    </Box>
  )
}

function Rows({rows, ...style}: {rows: readonly string[]; dimColor?: boolean; color?: string}) {
  // A row is identified by its place, not by its content.
  return rows.map((row, index) => (
    <Text key={index} {...style} wrap="truncate">
      {row === '' ? ' ' : row}
    </Text>
  ))
}

/** The time, epoch ms, updated each `everyMs`. */
function useTime(everyMs: number | undefined): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (everyMs === undefined) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
