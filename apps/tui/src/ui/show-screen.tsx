import {Writable} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'

import {maxPromptBytes} from '@holdfast/protocol'
import {render} from 'ink'
import {createTerminalKeys} from '@holdfast/ink-composer'

import {standardError} from '../process/standard-error.ts'
import {noticeResize, terminalSize} from '../process/terminal-size.ts'
import type {TerminalColors} from '../theme/terminal-colors.ts'
import {App, type AppProps, type Frame} from './app.tsx'
import {createColorQuery} from './color-query.ts'
import {countRows, pushedRows, rewrapsRows} from './live/frame-rows.ts'
import {keepLines, noLines, planLines} from './live/plan-lines.ts'
import type {WriteLines} from './screen-model.ts'
import {steadyTerminal} from './steady-terminal.ts'
import {watchSuspension, type LendTerminal} from './suspension.ts'
import {TerminalAccess} from './terminal-access.tsx'
import {clearedScreen} from './transcript.ts'
import {createTerminalStatus} from './terminal-status.ts'

export interface Screen {
  /** Ctrl-Z; see `Suspension`. */
  suspend(onRefused: () => void): void
  /**
   * Restores the terminal while `work` runs, then draws anew; output is held back meanwhile. Does nothing while another
   * `work` runs.
   */
  lend: LendTerminal
  /** Writes the finished lines while `lend` works. */
  writeLines(): void
  /** Moves the screen to the scrollback and draws the live region on an empty screen. */
  repaint(): void
  /** A paste has begun to arrive, and not ended. */
  readonly isPasting: boolean
  /** The `id` of the overlay that the terminal shows. */
  readonly shownOverlay: string | undefined
  /** See `TerminalFocus`. */
  readonly hasFocus: boolean | undefined
  /** Restores the terminal. Idempotent. */
  close(): Promise<void>
  readonly closed: Promise<void>
}

/**
 * A terminal whose size has not changed for this long has its new size, ms. Until then, nothing is drawn. tmux rewraps its rows
 * at once, but reports sizes to a program at most each 250 ms.
 */
const quietMs = process.env['TMUX'] ? 300 : 100
/** How long a terminal that keeps changing its size may go without a frame, ms. */
const longestMs = 1000

/** How long the terminal may take to answer when the screen is closed, ms. */
const lastAnswerMs = 200

/** A synchronized update: the terminal shows nothing of it before its end. */
const [beginUpdate, endUpdate] = ['\u001b[?2026h', '\u001b[?2026l']

/** Where Ink writes what a library reports by `console.warn`, which would stand in the transcript. */
const nowhere = new Writable({write: (_chunk, _encoding, onWritten) => onWritten()})

export interface ScreenOptions extends Omit<AppProps, 'keys' | 'onFrame'> {
  /** The terminal is asked for its colours, and these are what is known of them. @default it is not asked */
  onColors?: (colors: TerminalColors) => void
  /** The terminal shows a progress: see `knowsProgress`. */
  showsProgress: boolean
}

/** Draws the app on the terminal of this process. */
export function showScreen({onColors, showsProgress, ...props}: ScreenOptions): Screen {
  const {model} = props
  const {stdout} = process
  // Its errors are ignored from here on: Node looks at its size also when the terminal is gone, and the shutdown must go on then.
  standardError()
  const colors =
    onColors && createColorQuery({environment: process.env, write: (text) => void stdout.write(text), onColors})
  const keys = createTerminalKeys(process.stdin, maxPromptBytes, {
    onReport: (report) => status.take(report) || colors?.take(report),
    onInput: () => status.noteKey(),
  })
  const status = createTerminalStatus({model, write: (text) => void stdout.write(text), showsProgress})
  const nothing: Frame = {
    rows: [],
    outputRows: 0,
    countRows: 0,
    output: undefined,
    overlay: undefined,
    question: undefined,
  }
  /** The frame that was passed to Ink, and the last one that it drew: Ink limits its frame rate. */
  let [given, drawn] = [nothing, nothing]
  /** Ink's function; it restores the terminal while the given work runs. */
  let suspendTerminal: LendTerminal | undefined

  const onReady = (ready: LendTerminal) => {
    suspendTerminal = ready
    // The first frame is drawn, and the terminal is raw: the effects of the keys come before.
    if (process.env['TERM'] !== 'linux') colors?.ask()
    status.watchFocus()
  }
  const screen = () => (
    <>
      <App {...props} keys={keys} onFrame={(frame) => (given = frame)} />
      <TerminalAccess onReady={onReady} />
    </>
  )
  /** The lines above the live region that may still change. */
  let above = noLines
  let isLent = false
  /** While the terminal changes its size: when to draw at the latest. */
  let heldUntil: number | undefined
  let quiet: NodeJS.Timeout | undefined
  /** What is written until the next turn of the event loop belongs together. */
  let isWriting = false

  /** Node reports a resize late: until then, a frame would be drawn for another size. */
  const isHeld = () => {
    if (!isLent && !isWriting) noticeResize()
    return heldUntil !== undefined
  }
  const onResize = () => {
    if (isLent) return
    model.setWriter(undefined)
    heldUntil ??= performance.now() + longestMs
    clearTimeout(quiet)
    const timer = setTimeout(
      () => {
        noticeResize()
        if (quiet === timer) drawInSize()
      },
      Math.min(quietMs, Math.max(0, heldUntil - performance.now())),
    )
    quiet = timer
  }
  stdout.on('resize', onResize)
  // It may have changed since the model was made, and changes while Ink draws the first frame.
  model.resize(terminalSize() ?? model.snapshot.size)
  const app = render(screen(), {
    stdout: steadyTerminal({stdout, size: () => model.snapshot.size, isHeld}),
    stdin: keys.stdin,
    stderr: nowhere as unknown as NodeJS.WriteStream,
    exitOnCtrlC: false,
    // Ink would decide by `$CI`; here stdout is known to be a terminal.
    interactive: true,
    // Keys are drawn at once; the model limits the frame rate of output.
    maxFps: 250,
    incrementalRendering: true,
    onRender() {
      if (heldUntil !== undefined) return
      drawn = given
      model.setShownQuestion(drawn.question)
    },
  })
  /** After a resize: erases the rows that the last frame takes now, and draws anew. */
  const drawInSize = () => {
    clearTimeout(quiet)
    if (heldUntil === undefined) return
    const {cols, rows} = terminalSize() ?? model.snapshot.size
    const isNarrower = cols < model.snapshot.size.cols && rewrapsRows(process.env)
    const wrapAt = isNarrower ? cols : Infinity
    keepLinesAbove()
    const pushed = Math.min(pushedRows(drawn.rows, wrapAt, rows), drawn.outputRows)
    drawn.output?.dropRows(pushed - drawn.countRows)
    const height = countRows(drawn.rows, wrapAt)
    // Ink forgets its frame, without erasing as many rows as it drew.
    app.clear()
    heldUntil = undefined
    writeAtOnce(eraseRows(height))
    model.setWriter(writeAbove)
    model.resize({cols, rows})
    app.rerender(screen())
  }
  /**
   * Writes text in place of the frame, with the new frame that Ink draws in the next turn of the event loop. Ink synchronizes
   * only its frame, and such updates do not nest: the end of Ink's own ends this one, too.
   */
  const writeAtOnce = (text: string) => {
    stdout.cork()
    isWriting = true
    stdout.write(beginUpdate)
    app.clear()
    drawn = nothing
    stdout.write(text)
    void app.waitUntilRenderFlush()
    setImmediate(() => {
      isWriting = false
      stdout.write(endUpdate)
      stdout.uncork()
    })
  }
  const keepLinesAbove = () => {
    model.keepLines()
    above = keepLines(above)
  }
  const writeAbove: WriteLines = (finished, tentative) => {
    if (isHeld()) return false
    const screens = finished.split(`${clearedScreen}\n`)
    screens.forEach((lines, index) => {
      const isLast = index === screens.length - 1
      writeLines(lines, isLast ? tentative : '')
      if (!isLast) clearScreen()
    })
    return true
  }
  const writeLines = (finished: string, tentative: string | undefined) => {
    const {erased, added, next} = planLines(above, finished, tentative)
    above = next
    if (erased === '' && added === '') return
    // Ink's own `write` would draw the old frame below the text first.
    writeAtOnce(eraseRows(countRows(erased.split('\n').slice(0, -1), model.snapshot.size.cols)) + added)
  }
  /** Scrolls the whole screen out, and continues at its top. */
  const clearScreen = () => writeAtOnce('\n'.repeat(Math.max(0, stdout.rows - 1)) + '\u001b[H')
  model.setWriter(writeAbove)
  status.show()
  const closed = app.waitUntilExit().then(() => undefined)
  const lend: LendTerminal = async (work, {toProgram = false} = {}) => {
    // Another reader would take the answer for keys.
    if (colors?.isWaiting === true) await colors.settled
    if (suspendTerminal === undefined || isLent) return
    drawInSize()
    isLent = true
    model.setWriter(undefined)
    keepLinesAbove()
    if (toProgram) status.lend()
    else status.restore()
    const endRaw = toProgram ? keys.keepRaw() : undefined
    const takeBack = () => {
      status.show()
      model.resize(terminalSize() ?? model.snapshot.size)
      isLent = false
    }
    try {
      await suspendTerminal(() => work().finally(takeBack))
    } finally {
      endRaw?.()
      // A key that came with the frame may have lent it again.
      if (!isLent) {
        model.setWriter(writeAbove)
        status.watchFocus()
      }
    }
  }
  const suspension = watchSuspension(lend, () => {
    if (isLent) return
    // Ink erases its last frame, which is above what the shell has printed since: it finds empty rows instead.
    stdout.write('\n'.repeat(countRows(drawn.rows, stdout.columns)))
    void lend(async () => undefined)
  })
  return {
    closed,
    suspend: (onRefused) => void suspension.suspend(onRefused),
    lend,
    writeLines() {
      model.setWriter((finished, tentative) => {
        // The program continues below them: nothing is cleared.
        const {added, next} = planLines(above, finished.replaceAll(`${clearedScreen}\n`, ''), tentative)
        above = next
        stdout.write(added)
        return true
      })
      model.writeLines()
      model.setWriter(undefined)
    },
    repaint() {
      drawInSize()
      keepLinesAbove()
      clearScreen()
      // Nothing else would trigger a frame.
      app.rerender(screen())
    },
    get isPasting() {
      return keys.isPasting
    },
    get shownOverlay() {
      return drawn.overlay
    },
    get hasFocus() {
      return status.hasFocus
    },
    async close() {
      // The shell would take the answer for keys.
      if (colors?.isWaiting === true) await Promise.race([colors.settled, delay(lastAnswerMs)])
      drawInSize()
      model.flush()
      model.setWriter(undefined)
      stdout.off('resize', onResize)
      suspension.close()
      status.close()
      // Removes the live region; finished lines stay.
      app.rerender(null)
      app.unmount()
      await closed
    },
  }
}

/** Erases the rows above the cursor, and below. */
function eraseRows(count: number): string {
  return count === 0 ? '' : `\r\u001b[${count}A\u001b[J`
}
