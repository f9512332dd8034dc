import {maxPromptBytes} from '@holdfast/protocol'
import {render} from 'ink'
import {createTerminalKeys} from '@holdfast/ink-composer'

import {standardError} from '../process/standard-error.ts'
import {App, type AppProps, type Frame} from './app.tsx'
import {extraRows, pushedRows, rewrapsRows} from './live/extra-rows.ts'
import {watchSuspension, type LendTerminal} from './suspension.ts'
import {TerminalAccess} from './terminal-access.tsx'

export interface Screen {
  /** Ctrl-Z; see `Suspension`. */
  suspend(onRefused: () => void): void
  /**
   * Restores the terminal while `work` runs, then draws anew; output is held back meanwhile. Does nothing while another
   * `work` runs.
   */
  lend: LendTerminal
  /** Moves the screen to the scrollback and draws the live region on an empty screen. */
  repaint(): void
  /** Restores the terminal. Idempotent. */
  close(): Promise<void>
  readonly closed: Promise<void>
}

/** Draws the app on the terminal of this process. */
export function showScreen(props: Omit<AppProps, 'keys' | 'onFrame'>): Screen {
  const {model} = props
  const {stdout} = process
  const keys = createTerminalKeys(process.stdin, maxPromptBytes)
  const nothing: Frame = {rows: [], outputRows: 0, outputEnd: 0}
  /** The frame that was passed to Ink, and the last one that it drew: Ink limits its frame rate. */
  let [given, drawn] = [nothing, nothing]
  /** Ink's function; it restores the terminal while the given work runs. */
  let suspendTerminal: LendTerminal | undefined

  const screen = () => (
    <>
      <TerminalAccess onReady={(ready) => void (suspendTerminal = ready)} />
      <App {...props} keys={keys} onFrame={(frame) => (given = frame)} />
    </>
  )
  let isLent = false
  const onResize = () => {
    if (isLent) return
    const {columns, rows} = stdout
    const isNarrower = columns < model.snapshot.size.cols && rewrapsRows(process.env)
    const wrapAt = isNarrower ? columns : Infinity
    const pushed = Math.min(pushedRows(drawn.rows, wrapAt, rows), drawn.outputRows)
    if (pushed > 0) model.dropRows(drawn.outputEnd - drawn.outputRows + pushed)
    // Ink erases as many rows as it drew; the terminal may have wrapped them to more.
    const extra = extraRows(drawn.rows, wrapAt)
    if (extra > 0) stdout.write(`\u001b[${extra}A\u001b[J`)
    app.clear()
    model.resize({cols: columns, rows})
    // Ink redraws at once on resize: it needs a frame that fits.
    app.rerender(screen())
  }
  // Before Ink's own.
  stdout.on('resize', onResize)
  const app = render(screen(), {
    stdin: keys.stdin,
    stderr: standardError(),
    exitOnCtrlC: false,
    // Ink would decide by `$CI`; here stdout is known to be a terminal.
    interactive: true,
    // Keys are drawn at once; the model limits the frame rate of output.
    maxFps: 250,
    incrementalRendering: true,
    onRender: () => (drawn = given),
  })
  /** The signal about a resize comes late: until then, frames would be drawn for another size. */
  const noticeResize = () => {
    const [columns, rows] = stdout.getWindowSize()
    if (columns !== stdout.columns || rows !== stdout.rows) process.emit('SIGWINCH')
  }
  const writeAbove = (text: string) => {
    noticeResize()
    // Ink's own `write` would draw the old frame below the text first. Corked, the terminal gets the text and the new frame,
    // which Ink draws in the next turn of the event loop, in one write.
    stdout.cork()
    app.clear()
    stdout.write(text)
    void app.waitUntilRenderFlush()
    setImmediate(() => stdout.uncork())
  }
  model.setWriter(writeAbove)
  const closed = app.waitUntilExit().then(() => undefined)
  const lend: LendTerminal = async (work) => {
    if (suspendTerminal === undefined || isLent) return
    isLent = true
    model.setWriter(undefined)
    try {
      await suspendTerminal(work)
    } finally {
      isLent = false
      model.resize({cols: stdout.columns, rows: stdout.rows})
      model.setWriter(writeAbove)
    }
  }
  const suspension = watchSuspension(lend, () => {
    if (isLent) return
    // Ink erases its last frame, which is above what the shell has printed since: it finds empty rows instead.
    stdout.write('\n'.repeat(drawn.rows.length))
    void lend(async () => undefined)
  })
  return {
    closed,
    suspend: (onRefused) => void suspension.suspend(onRefused),
    lend,
    repaint() {
      // Scrolls the whole screen out, then continues at its top.
      writeAbove('\n'.repeat(Math.max(0, stdout.rows - 1)) + '\u001b[H')
      // Nothing else would trigger a frame.
      app.rerender(screen())
    },
    async close() {
      model.flush()
      model.setWriter(undefined)
      stdout.off('resize', onResize)
      suspension.close()
      // Removes the live region; finished lines stay.
      app.rerender(null)
      app.unmount()
      await closed
    },
  }
}
