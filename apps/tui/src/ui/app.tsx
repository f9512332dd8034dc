import {Box, Text} from 'ink'
import {useEffect, useState, useSyncExternalStore} from 'react'
import {ComposerKeys, draftRows, overlayRows, type Composer, type TerminalKeys} from '@holdfast/ink-composer'
import {firstRows} from '@holdfast/terminal'

import {queueOverlayId} from './composer/queue-overlay.ts'
import {giveRows} from './live/give-rows.ts'
import {noticeRows, outputRows, queueRows} from './live/live-rows.ts'
import type {ScreenModel} from './screen-model.ts'
import {statusLine, tickMs} from './status-line.ts'

export interface AppProps {
  model: ScreenModel
  composer: Composer
  keys: TerminalKeys
  /** What is drawn with the next frame; called while it is made. */
  onFrame: (frame: Frame) => void
}

/** What is on the live part of the screen. */
export interface Frame {
  rows: readonly string[]
  /** So many of them, the first, are output; 0 where some of it has no room. */
  outputRows: number
  /** The number of the row after the last of these; see `dropRows`. */
  outputEnd: number
}

/** A long draft leaves half of the screen to the rest, where that is more. */
const leastDraftRows = 3

/** The live part of the screen: what is not finished, the status, the composer. Finished lines are above it. */
export function App({model, composer, keys, onFrame}: AppProps) {
  const snapshot = useSyncExternalStore(model.subscribe, () => model.snapshot)
  const view = useSyncExternalStore(composer.subscribe, () => composer.view)
  const {cols: columns, rows} = snapshot.size
  const now = useTime(tickMs(snapshot))

  const output = outputRows(snapshot)
  const queue = view.overlay?.id === queueOverlayId ? [] : queueRows(snapshot)
  const notices = noticeRows(snapshot, columns)
  const draft = draftRows(view, {columns, rows: Math.max(leastDraftRows, Math.floor(rows / 2))})
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
    composer: given.composer === draft.length ? draft : draftRows(view, {columns, rows: given.composer}),
  }
  onFrame({
    rows: Object.values(shown).flat(),
    outputRows: shown.output.length === output.length ? output.length : 0,
    outputEnd: (snapshot.output?.first ?? 0) + (snapshot.output?.rows.length ?? 0),
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
  // A place on the screen is what a row is, whatever is in it.
  return rows.map((row, index) => (
    <Text key={index} {...style} wrap="truncate">
      {row === '' ? ' ' : row}
    </Text>
  ))
}

/** The time, epoch ms; anew each `everyMs`, or never. */
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
