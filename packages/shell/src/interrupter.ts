import {planInterrupt, type PastInterrupt} from './plan-interrupt.ts'
import {isForeground, type ProcessFacts} from './process-facts.ts'

/** What is needed of a shell to interrupt what runs in it. */
export interface Interruptible {
  /** Ctrl-C. */
  press(): void
  isRunning(): boolean
  facts(): ProcessFacts | undefined
  /** Signals the shell itself. */
  kill(signal: NodeJS.Signals): void
}

export interface Interrupter {
  /** Harder each time, until the program answers. */
  interrupt(): void
  /** What the program, or the terminal, has printed. */
  noteOutput(data: Uint8Array): void
  close(): void
}

/** A Ctrl-C that was heard has had its echo by then. */
const HEARD_MS = 200
const MAX_TIMES = 25

/** Interrupts one run: Ctrl-C; SIGINT, SIGTERM and SIGKILL to the group that has the terminal. See `planInterrupt`. */
export function createInterrupter(target: Interruptible): Interrupter {
  let past: PastInterrupt | undefined
  let lastOutputAt = -Infinity
  let lastAnswerAt = -Infinity
  let hearing: NodeJS.Timeout | undefined

  function takeStep({step, at}: PastInterrupt): void {
    if (step === 'byte') {
      const before = target.facts()
      hearing = setTimeout(() => hear(at, isForeground(before)), HEARD_MS)
    }
    if (step === 'byte' || step === 'SIGINT') target.press()
    if (step !== 'byte') signalForeground(step)
  }

  /** A program that reads Ctrl-C as a byte leaves no echo, and one that was not there yet did not get it. */
  function hear(at: number, wasForeground: boolean, timesLeft = MAX_TIMES): void {
    if (!target.isRunning()) return
    const isShell = isForeground(target.facts())
    // The shell has not come to its program yet.
    if (isShell && timesLeft > 0) hearing = setTimeout(() => hear(at, wasForeground, timesLeft - 1), HEARD_MS)
    else if (wasForeground || lastOutputAt < at) signalForeground('SIGINT')
  }

  function signalForeground(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    const facts = target.facts()
    if (facts === undefined) return
    if (!isForeground(facts)) signalGroup(facts.foregroundGroup, signal)
    else if (signal === 'SIGKILL') target.kill(signal)
  }

  return {
    interrupt() {
      const next = planInterrupt(past, lastAnswerAt, performance.now())
      clearTimeout(hearing)
      if (next === past) target.press()
      else takeStep((past = next))
    },
    noteOutput(data) {
      lastOutputAt = performance.now()
      if (!isEcho(data)) lastAnswerAt = lastOutputAt
    },
    close: () => clearTimeout(hearing),
  }
}

/** Whether this is no more than what the terminal makes of Ctrl-C. */
function isEcho(data: Uint8Array): boolean {
  return data.length < 16 && /^[\r\n]*(?:\^C[\r\n]*)+$/.test(Buffer.from(data).toString())
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // It is gone, or not ours: `sudo` has started it.
  }
}
