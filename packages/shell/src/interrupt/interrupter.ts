import {isForeground, type ProcessStat} from '../process-stat.ts'
import {planInterrupt, type PastInterrupt} from './plan-interrupt.ts'

/** The shell whose program to interrupt. */
export interface Interruptible {
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
  let past: PastInterrupt | undefined
  let lastOutputAt = -Infinity
  let lastAnswerAt = -Infinity
  let checking: NodeJS.Timeout | undefined

  function takeStep({step, at}: PastInterrupt): void {
    if (step === 'byte') {
      const before = target.stat()
      checking = setTimeout(() => checkEffect(at, isForeground(before)), CHECK_MS)
    }
    if (step === 'byte' || step === 'SIGINT') target.pressCtrlC()
    if (step !== 'byte') signalForeground(step)
  }

  /** Sends SIGINT if a program has read Ctrl-C as a byte, which leaves no echo, or started after it. */
  function checkEffect(at: number, wasShell: boolean, checksLeft = MAX_CHECKS): void {
    if (!target.isRunning()) return
    const isShell = isForeground(target.stat())
    // The shell has not started its program.
    if (isShell && checksLeft > 0) checking = setTimeout(() => checkEffect(at, wasShell, checksLeft - 1), CHECK_MS)
    else if (wasShell || lastOutputAt < at) signalForeground('SIGINT')
  }

  function signalForeground(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    const stat = target.stat()
    if (stat === undefined) return
    if (!isForeground(stat)) signalGroup(stat.foregroundGroup, signal)
    else if (signal === 'SIGKILL') target.kill(signal)
  }

  return {
    interrupt() {
      const next = planInterrupt(past, lastAnswerAt, performance.now())
      clearTimeout(checking)
      if (next === past) target.pressCtrlC()
      else takeStep((past = next))
    },
    noteOutput(data) {
      lastOutputAt = performance.now()
      if (!isEcho(data)) lastAnswerAt = lastOutputAt
    },
    close: () => clearTimeout(checking),
  }
}

/** Whether this is only the terminal's echo of Ctrl-C. */
function isEcho(data: Uint8Array): boolean {
  return data.length < 16 && /^[\r\n]*(?:\^C[\r\n]*)+$/.test(Buffer.from(data).toString())
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // The group is gone, or belongs to another user, as under `sudo`.
  }
}
