import {Box, Text, useApp, useStdout, useWindowSize} from 'ink'
import {useEffect, useState, useSyncExternalStore} from 'react'

import {toPlainLines} from '../to-visible-line.ts'
import {Composer, type ComposerProps} from './composer.tsx'
import type {ScreenModel} from './screen-model.ts'
import {statusLine, whyOutOfReach} from './status-line.ts'

/** Ink's: takes its modes back and writes nothing until the callback has settled; then all is drawn again. */
export type SuspendTerminal = (callback: () => Promise<void>) => Promise<void>

export interface AppProps extends Omit<ComposerProps, 'onAttach'> {
  model: ScreenModel
  /** Ctrl-O. */
  onAttach: (suspend: SuspendTerminal) => void
}

/** The live part of the screen: what is not finished, the status, the composer. Finished lines are above it. */
export function App({model, onAttach, ...composer}: AppProps) {
  const {write} = useStdout()
  const {suspendTerminal} = useApp()
  const {columns} = useWindowSize()
  const snapshot = useSyncExternalStore(model.subscribe, () => model.snapshot)
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
          {'  ↑ takes the last one back · what runs cannot read these'}
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
      <Composer onAttach={() => onAttach(suspendTerminal)} {...composer} />
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
