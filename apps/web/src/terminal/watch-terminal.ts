import {isRpcError, type Client} from '@holdfast/client'
import {errorCodes, maxSnapshotWaitMs} from '@holdfast/protocol'

import {openTerminal} from './open-terminal.ts'
import {paintSnapshot} from './paint-snapshot.ts'
import type {ShownTerminal, TerminalEnd} from './shown-terminal.ts'

export interface WatchTerminalOptions {
  parent: HTMLElement
  /** px */
  fontSize: number
  onTitle: (title: string) => void
  onEnd: (end: TerminalEnd) => void
}

/** The least time between two looks, ms: a program may draw without a pause. */
const lookEveryMs = 100

/**
 * Shows what the terminal of a session shows, in its size, without attaching: it takes the terminal from nobody, and types nothing.
 */
export function watchTerminal(client: Client, sessionId: string, options: WatchTerminalOptions): ShownTerminal {
  const {parent, fontSize, onTitle, onEnd} = options
  const ignore = () => undefined
  const terminal = openTerminal({
    parent,
    fontSize,
    isReadOnly: true,
    onInput: ignore,
    onMouse: ignore,
    onTitle: ignore,
  })
  const encoder = new TextEncoder()
  const closing = new AbortController()
  const {signal} = closing

  let version: number | undefined
  const look = async () => {
    while (!signal.aborted) {
      const after = version === undefined ? {} : {after: version, wait_ms: maxSnapshotWaitMs}
      const snapshot = await client.request('screen.snapshot', {session_id: sessionId, ...after})
      if (signal.aborted) return
      if (snapshot.version !== version) {
        version = snapshot.version
        terminal.showWhole(snapshot)
        onTitle(snapshot.title)
        await terminal.write(encoder.encode(paintSnapshot(snapshot)), {isRepaint: false})
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }
  look().catch((error: unknown) => {
    if (signal.aborted) return
    if (!isRpcError(error) || error.code !== errorCodes.notAllowed) onEnd({how: 'not-attached', error})
    else onEnd({how: version === undefined ? 'nothing-runs' : 'program-ended'})
  })
  return {
    terminal,
    dispose() {
      closing.abort()
      terminal.dispose()
    },
  }
}
