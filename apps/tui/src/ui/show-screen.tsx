import {maxPromptLength} from '@holdfast/protocol'
import {render} from 'ink'
import {createTerminalKeys} from '@holdfast/ink-composer'

import {standardError} from '../process/standard-error.ts'
import {App, type AppProps, type Frame} from './app.tsx'
import {extraRows, pushedRows, wrapsAnew} from './live/extra-rows.ts'
import {suspendProcess, type SuspendTerminal} from './suspension.ts'
import {TerminalAccess, type Access} from './terminal-access.tsx'

export interface Screen {
  /** Ctrl-Z; see `suspendProcess`. */
  suspend(onRefused: () => void): void
  /**
   * Gives the terminal back as it was found while `work` goes on, then draws anew. What comes meanwhile waits. Does nothing
   * while it is given away already.
   */
  lend(work: () => Promise<void>): Promise<void>
  /** Draws the live part on an empty screen. What was there is in the terminal's scrollback. */
  repaint(): void
  /** Gives the terminal back as it was found. Idempotent. */
  close(): Promise<void>
  readonly closed: Promise<void>
}

/** Draws the app on this process's terminal. */
export function showScreen(props: Omit<AppProps, 'keys' | 'onFrame'>): Screen {
  const {model} = props
  const {stdout} = process
  const keys = createTerminalKeys(process.stdin, maxPromptLength)
  const nothing: Frame = {rows: [], outputRows: 0, outputEnd: 0}
  /** What Ink was given, and what of that it has drawn: it draws at most so many frames a second. */
  let [given, drawn] = [nothing, nothing]
  let access: Access | undefined

  const screen = () => (
    <>
      <TerminalAccess onReady={(ready) => (access = ready)} />
      <App {...props} keys={keys} onFrame={(frame) => (given = frame)} />
    </>
  )
  let isLent = false
  const onResize = () => {
    if (isLent) return
    const {columns, rows} = stdout
    const isNarrower = columns < model.snapshot.size.cols && wrapsAnew(process.env)
    const wrapAt = isNarrower ? columns : Infinity
    const pushed = Math.min(pushedRows(drawn.rows, wrapAt, rows), drawn.outputRows)
    if (pushed > 0) model.dropRows(drawn.outputEnd - drawn.outputRows + pushed)
    // Ink erases as many rows as it has drawn; by now they may have become more.
    const extra = extraRows(drawn.rows, wrapAt)
    if (extra > 0) stdout.write(`\u001b[${extra}A\u001b[J`)
    app.clear()
    model.resize({cols: columns, rows})
    // Ink draws at once, and has to have what fits.
    app.rerender(screen())
  }
  // Before Ink's own.
  stdout.on('resize', onResize)
  const app = render(screen(), {
    stdin: keys.stdin,
    stderr: standardError(),
    exitOnCtrlC: false,
    // Ink would judge by the environment that nobody looks, in CI say; that there is a terminal is known here.
    interactive: true,
    // A key is drawn at once; frames for what programs print are the model's to gather.
    maxFps: 250,
    incrementalRendering: true,
    onRender: () => (drawn = given),
  })
  const writeAbove = (text: string) => {
    // Ink's own way would draw the old frame below the text, and then the new one. The terminal gets all at once: without
    // the old frame, the text, the new frame, which Ink draws in the next round of the event loop when it is asked for it.
    stdout.cork()
    app.clear()
    stdout.write(text)
    void app.waitUntilRenderFlush()
    setImmediate(() => stdout.uncork())
  }
  model.setWriter(writeAbove)
  const closed = app.waitUntilExit().then(() => undefined)
  const lend = async (lendFor: (suspendTerminal: SuspendTerminal) => Promise<void>) => {
    if (access === undefined || isLent) return
    isLent = true
    model.setWriter(undefined)
    try {
      await lendFor(access.suspendTerminal)
    } finally {
      isLent = false
      model.resize({cols: stdout.columns, rows: stdout.rows})
      model.setWriter(writeAbove)
    }
  }
  return {
    closed,
    suspend: (onRefused) => void lend((suspendTerminal) => suspendProcess({suspendTerminal, onRefused})),
    lend: (work) => lend((suspendTerminal) => suspendTerminal(work)),
    repaint() {
      // As many line ends as it takes to move the first row off the screen; then on from its top.
      writeAbove('\n'.repeat(Math.max(0, stdout.rows - 1)) + '\u001b[H')
      // Nothing else might ask for a frame.
      app.rerender(screen())
    },
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
