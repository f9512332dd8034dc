import type {ProgramInput} from '@holdfast/protocol'

export interface ProgramInputOptions {
  /** Looks at what the program reads at this moment. May reject. */
  look: () => Promise<ProgramInput | undefined>
  onChange: (input: ProgramInput | undefined) => void
}

/**
 * What the running program reads, without the short moments in between: a REPL computes before it reads the next line, and one
 * editor of `git rebase -i` follows another.
 */
export interface ProgramInputWatch {
  readonly input: ProgramInput | undefined
  /** The host has reported this; `undefined`: nothing is known. */
  take(reported: ProgramInput | undefined): void
  /** Another program runs, or none. */
  clear(): void
}

/** How long the program may read nothing before its line is the next prompt's again, ms: most REPLs answer faster. */
const lineMs = 500
/** How long it may not want the whole terminal before it is looked at, ms. */
const terminalMs = 300

/** How long to wait for another report before one counts, ms; 0: it counts at once. Pure. */
export function settleMs(shown: ProgramInput | undefined, reported: ProgramInput): number {
  if (shown === 'terminal' && reported !== 'terminal') return terminalMs
  return (shown === 'line' || shown === 'key') && reported === 'none' ? lineMs : 0
}

export function createProgramInputWatch({look, onChange}: ProgramInputOptions): ProgramInputWatch {
  let shown: ProgramInput | undefined
  let reported: ProgramInput | undefined
  let timer: NodeJS.Timeout | undefined

  const show = (next: ProgramInput | undefined) => {
    clearTimeout(timer)
    timer = undefined
    if (next === shown) return
    shown = next
    onChange(next)
  }
  /** A program that prints on without a pause is reported as one that reads nothing, and may want the terminal all the same. */
  const settle = async () => {
    const before = timer
    const found = shown === 'terminal' ? await look().catch(() => reported) : reported
    if (timer !== before) return
    timer = undefined
    if (found === 'terminal' && reported !== 'terminal') wait()
    else show(found)
  }
  const wait = () => {
    if (reported !== undefined) timer ??= setTimeout(() => void settle(), settleMs(shown, reported))
  }

  return {
    get input() {
      return shown
    },
    take(next) {
      // The connection is lost, but the program runs on.
      if (next === undefined) return
      reported = next
      if (next === shown || settleMs(shown, next) === 0) show(next)
      else wait()
    },
    clear() {
      reported = undefined
      show(undefined)
    },
  }
}
