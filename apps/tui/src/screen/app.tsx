import {Box, Text, useStdout, useWindowSize} from 'ink'
import {useEffect, useState, useSyncExternalStore} from 'react'

import {toPlainLines} from '../to-visible-line.ts'
import {ComposerKeys} from './composer/composer-keys.tsx'
import {draftRows, overlayRows} from './composer/composer-rows.ts'
import type {Composer} from './composer/composer.ts'
import type {Keyboard} from './keyboard.ts'
import type {ScreenModel} from './screen-model.ts'
import {statusLine, whyOutOfReach} from './status-line.ts'

export interface AppProps {
  model: ScreenModel
  composer: Composer
  keyboard: Keyboard
}

/** The live part of the screen: what is not finished, the status, the composer. Finished lines are above it. */
export function App({model, composer, keyboard}: AppProps) {
  const {write} = useStdout()
  const {columns, rows} = useWindowSize()
  const snapshot = useSyncExternalStore(model.subscribe, () => model.snapshot)
  const view = useSyncExternalStore(composer.subscribe, () => composer.view)
  const third = Math.max(3, Math.floor(rows / 3))
  const {unfinishedLine, unsent, notice, session} = snapshot
  const queue = session?.queue ?? []
  const waiting = [...queue, ...unsent]

  useEffect(() => model.setWriter(write), [model, write])
  const now = useSeconds(session?.running != null)

  return (
    <Box flexDirection="column">
      {unfinishedLine === '' ? null : <Text wrap="truncate-start">{unfinishedLine}</Text>}
      {waiting.map(({text}, index) =>
        index < firstShown || index === waiting.length - 1 ? (
          // A place in the queue is what a row is, whatever prompt is in it.
          <Text key={index} dimColor wrap="truncate">
            {`  ${index + 1}. ${toPlainLines(text)[0] ?? ''}`}
          </Text>
        ) : null,
      )}
      {queue.length === 0 ? null : (
        <Text dimColor wrap="truncate">
          {'  ↑ changes the queue · Ctrl-T gives input to what runs'}
        </Text>
      )}
      {[whyOutOfReach(snapshot), notice].map((text, index) =>
        text === undefined ? null : (
          <Text key={index} color="yellow">
            {toPlainLines(text).join('\n')}
          </Text>
        ),
      )}
      <Text dimColor wrap="truncate">
        {statusLine(snapshot, now, columns)}
      </Text>
      {[...overlayRows(view, {rows: third}), ...draftRows(view, {columns, rows: third})].map((row, index) => (
        // A row is its place.
        <Text key={index} wrap="truncate">
          {row}
        </Text>
      ))}
      <ComposerKeys composer={composer} keyboard={keyboard} />
    </Box>
  )
}

/** Of the prompts that wait, besides the last one. */
const firstShown = 2

/** The time, epoch ms; anew each second while `isTicking`. */
function useSeconds(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isTicking) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isTicking])
  return now
}
