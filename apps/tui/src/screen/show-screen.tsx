import {maxPromptLength} from '@holdfast/protocol'
import {render} from 'ink'

import {App, type AppProps} from './app.tsx'
import {createKeyboard} from './keyboard.ts'
import {suspendProcess} from './suspension.ts'
import {TerminalAccess, type Access} from './terminal-access.tsx'

export interface Screen {
  /** Ctrl-Z; see `suspendProcess`. */
  suspend(onRefused: () => void): void
  /** Draws the live part on an empty screen. What was there is in the terminal's scrollback. */
  repaint(): void
  /** Gives the terminal back as it was found. Idempotent. */
  close(): Promise<void>
  readonly closed: Promise<void>
}

/** Draws the app on this process's terminal. */
export function showScreen(props: Omit<AppProps, 'keyboard'>): Screen {
  const keyboard = createKeyboard(process.stdin, maxPromptLength)
  let access: Access | undefined
  const tree = (
    <>
      <TerminalAccess onReady={(ready) => (access = ready)} />
      <App {...props} keyboard={keyboard} />
    </>
  )
  const app = render(tree, {
    stdin: keyboard.stdin,
    exitOnCtrlC: false,
    // Ink would judge by the environment that nobody looks, in CI say; that there is a terminal is known here.
    interactive: true,
    maxFps: 30,
    incrementalRendering: true,
  })
  const closed = app.waitUntilExit().then(() => undefined)
  let isSuspended = false
  return {
    closed,
    suspend(onRefused) {
      if (access === undefined || isSuspended) return
      isSuspended = true
      // Ink drops what it is given meanwhile.
      props.model.setHeld(true)
      void suspendProcess({suspendTerminal: access.suspendTerminal, onRefused}).finally(() => {
        isSuspended = false
        props.model.setHeld(false)
      })
    },
    repaint() {
      // As many line ends as it takes to move the first row off the screen; then on from its top.
      access?.write('\n'.repeat(Math.max(0, process.stdout.rows - 1)) + '\u001b[H')
    },
    async close() {
      // What was live is of no use to a person who reads on below; what was finished stays.
      app.rerender(null)
      app.unmount()
      await closed
    },
  }
}
