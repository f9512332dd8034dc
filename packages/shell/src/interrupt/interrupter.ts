import {isForeground, type ProcessStat} from '../process-stat.ts'
import {judgeInterrupt, readForeground, readMoment, type Press} from './foreground.ts'
import {planInterrupt, type InterruptStep, type PastInterrupt} from './plan-interrupt.ts'
import {signalForeground} from './signal-foreground.ts'

/** The shell whose program to interrupt, or a program on a terminal of its own. */
export interface Interruptible {
  /** @default true */
  hasShell?: boolean
  pressCtrlC(): void
  isRunning(): boolean
  stat(): ProcessStat | undefined
  /** Signals the shell itself, not the programs that run in it. */
  kill(signal: NodeJS.Signals): void
}

export interface Interrupter {
  /** Takes a stronger step each time, until the program answers. */
  interrupt(): void
  /** The program has printed this, or the terminal has echoed it. */
  noteOutput(data: Uint8Array): void
  close(): void
}

/** When the effect of a Ctrl-C is checked: by then, the terminal has echoed it. */
const CHECK_MS = 200
const MAX_CHECKS = 25

/** Interrupts one run: by Ctrl-C, then by SIGINT, SIGTERM and SIGKILL to the foreground group. See `planInterrupt`. */
export function createInterrupter(target: Interruptible): Interrupter {
  const {hasShell = true} = target
  let past: PastInterrupt | undefined
  let lastOutputAt = -Infinity
  let lastAnswerAt = -Infinity
  let checking: NodeJS.Timeout | undefined

  function takeStep(step: InterruptStep): void {
    if (step === 'byte' || step === 'SIGINT') press()
    else clearTimeout(checking)
    if (step !== 'byte') sendSignal(step)
  }

  function press(): void {
    clearTimeout(checking)
    const foreground = readForeground(target.stat(), hasShell)
    const at = performance.now()
    if (foreground !== undefined) checkLater({at, foreground, moment: readMoment(), checksLeft: MAX_CHECKS})
    target.pressCtrlC()
  }

  function checkLater(check: Check): void {
    checking = setTimeout(() => checkEffect(check), CHECK_MS)
  }

  /** Sends SIGINT to a program that has read Ctrl-C as a byte, which leaves no echo, or that has missed it. */
  function checkEffect(check: Check): void {
    const now = target.isRunning() ? readForeground(target.stat(), hasShell) : undefined
    if (now === undefined) return
    const isByte = lastOutputAt < check.at && !now.isShell && now.group === check.foreground.group
    const effect = judgeInterrupt(check, now)
    if (isByte || effect === 'missed') sendSignal('SIGINT')
    else if (effect === 'unknown' && check.checksLeft > 1) checkLater({...check, checksLeft: check.checksLeft - 1})
  }

  function sendSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    const stat = target.stat()
    if (hasShell && isForeground(stat)) {
      if (signal === 'SIGKILL') target.kill(signal)
      return
    }
    try {
      signalForeground(stat, signal)
    } catch {
      // It belongs to another user, as under `sudo`.
    }
  }

  return {
    interrupt() {
      const next = planInterrupt(past, lastAnswerAt, performance.now())
      if (next === past) return press()
      past = next
      takeStep(next.step)
    },
    noteOutput(data) {
      lastOutputAt = performance.now()
      if (!isEcho(data)) lastAnswerAt = lastOutputAt
    },
    close: () => clearTimeout(checking),
  }
}

/** A Ctrl-C whose effect is to be checked. */
interface Check extends Press {
  /** When it was pressed, ms. */
  at: number
  checksLeft: number
}

/** Whether this is only the terminal's echo of Ctrl-C. */
function isEcho(data: Uint8Array): boolean {
  return data.length < 16 && /^[\r\n]*(?:\^C[\r\n]*)+$/.test(Buffer.from(data).toString())
}
