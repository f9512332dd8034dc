import type {ScreenModel} from './screen-model.ts'
import {createTaskbarProgress} from './taskbar-progress.ts'
import {createTerminalFocus} from './terminal-focus.ts'
import {createTerminalTitle} from './terminal-title.ts'

export interface TerminalStatusOptions {
  model: Pick<ScreenModel, 'snapshot' | 'subscribe'>
  write: (text: string) => void
  /** The terminal shows a progress. */
  showsProgress: boolean
}

/** What the window of the terminal shows around the screen, and reports of itself. */
export interface TerminalStatus {
  /** See `TerminalFocus`. */
  readonly hasFocus: boolean | undefined
  /** Shows title and progress. */
  show(): void
  /** Asks for reports of the focus; only while the terminal is raw: it would echo them. */
  watchFocus(): void
  /** A key was pressed. */
  noteKey(): void
  /** Takes a report of the terminal; returns whether it was for this. */
  take(report: string): boolean
  /** The program of the session gets the terminal: takes all back but the title, which it may replace. */
  lend(): void
  /** Takes all back. Idempotent; also called when this process exits without it. */
  restore(): void
  /** Takes all back for good: what had the terminal until now may still give it back. */
  close(): void
}

export function createTerminalStatus({model, write, showsProgress}: TerminalStatusOptions): TerminalStatus {
  const title = createTerminalTitle(model, write)
  const focus = createTerminalFocus(write, () => progress?.update())
  const progress = showsProgress ? createTaskbarProgress(model, {write, hasFocus: () => focus.hasFocus}) : undefined
  const lend = () => {
    title.lend()
    progress?.restore()
    focus.restore()
  }
  const restore = () => {
    lend()
    title.restore()
  }
  let isClosed = false
  process.on('exit', restore)
  return {
    get hasFocus() {
      return focus.hasFocus
    },
    show() {
      if (isClosed) return
      title.show()
      progress?.show()
    },
    watchFocus() {
      if (!isClosed) focus.show()
    },
    noteKey: focus.noteKey,
    take: focus.take,
    lend,
    restore,
    close() {
      isClosed = true
      restore()
      process.off('exit', restore)
    },
  }
}
