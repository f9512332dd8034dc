import {render} from 'ink'

import {App, type AppProps} from './app.tsx'
import {extraRows, wrapsAnew} from './live/extra-rows.ts'

export interface Screen {
  /** Gives the terminal back as it was found. Idempotent. */
  close(): Promise<void>
  readonly closed: Promise<void>
}

/** Draws the app on this process's terminal. */
export function showScreen(props: Omit<AppProps, 'onFrame'>): Screen {
  const {model} = props
  const {stdout} = process
  let frame: readonly string[] = []
  let columns = stdout.columns

  const onResize = () => {
    // Ink erases as many rows as it has drawn; by now they may have become more.
    const extra = stdout.columns < columns && wrapsAnew(process.env) ? extraRows(frame, stdout.columns) : 0
    columns = stdout.columns
    if (extra > 0) stdout.write(`\u001b[${extra}A\u001b[J`)
  }
  // Before Ink's own.
  stdout.on('resize', onResize)
  const app = render(<App {...props} onFrame={(rows) => (frame = rows)} />, {
    exitOnCtrlC: false,
    // Ink would judge by the environment that nobody looks, in CI say; that there is a terminal is known here.
    interactive: true,
    // A key is drawn at once; frames for what programs print are the model's to gather.
    maxFps: 250,
    incrementalRendering: true,
  })
  model.setWriter((text) => {
    // Ink's own way would draw the old frame below the text, and then the new one.
    app.clear()
    stdout.write(text)
    void app.waitUntilRenderFlush()
  })
  const closed = app.waitUntilExit().then(() => undefined)
  return {
    closed,
    async close() {
      model.flush()
      model.setWriter(undefined)
      stdout.off('resize', onResize)
      // What was live is of no use to a person who reads on below; what was finished stays.
      app.rerender(null)
      app.unmount()
      await closed
    },
  }
}
