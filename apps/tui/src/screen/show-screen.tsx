import {render} from 'ink'

import {App, type AppProps} from './app.tsx'

export interface Screen {
  /** Gives the terminal back as it was found. Idempotent. */
  close(): Promise<void>
  readonly closed: Promise<void>
}

/** Draws the app on this process's terminal. */
export function showScreen(props: AppProps): Screen {
  const app = render(<App {...props} />, {
    exitOnCtrlC: false,
    // Ink would judge by the environment that nobody looks, in CI say; that there is a terminal is known here.
    interactive: true,
    // A key is drawn at once; frames for what programs print are the model's to gather.
    maxFps: 250,
    incrementalRendering: true,
  })
  const closed = app.waitUntilExit().then(() => undefined)
  return {
    closed,
    async close() {
      // What was live is of no use to a person who reads on below; what was finished stays.
      app.rerender(null)
      app.unmount()
      await closed
    },
  }
}
