/** Whether the terminal has the focus, as it reports in mode 1004. */
export interface TerminalFocus {
  /** `undefined` where the terminal has not reported it: it may not know the mode. */
  readonly hasFocus: boolean | undefined
  /** Asks for reports. */
  show(): void
  /** Ends them: another program has the terminal. Idempotent. */
  restore(): void
  /** A key was pressed: a terminal that reports its focus, but has not done so since `show`, has it. */
  noteKey(): void
  /** Takes a report of the terminal; returns whether it is one about the focus. */
  take(report: string): boolean
}

const [enable, disable] = ['\u001b[?1004h', '\u001b[?1004l']
const reports: Readonly<Record<string, boolean>> = {'\u001b[I': true, '\u001b[O': false}

/** `onChange`: the terminal got or lost the focus. */
export function createTerminalFocus(write: (text: string) => void, onChange: () => void): TerminalFocus {
  let isShown = false
  let hasFocus: boolean | undefined
  /** The terminal has reported its focus before. One that never does would not report the loss of a focus that a key implied. */
  let isReporting = false
  const set = (next: boolean) => {
    if (next === hasFocus) return
    hasFocus = next
    onChange()
  }
  return {
    get hasFocus() {
      return hasFocus
    },
    show() {
      // The Linux console has one window, which has the focus.
      if (isShown || process.env['TERM'] === 'linux') return
      isShown = true
      write(enable)
    },
    restore() {
      if (!isShown) return
      isShown = false
      hasFocus = undefined
      write(disable)
    },
    noteKey() {
      if (isShown && isReporting && hasFocus === undefined) set(true)
    },
    take(report) {
      const next = reports[report]
      if (next === undefined) return false
      isReporting = true
      set(next)
      return true
    },
  }
}
