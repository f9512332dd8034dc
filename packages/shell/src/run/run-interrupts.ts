import {createInterrupter} from '../interrupt/interrupter.ts'
import {BUSY_MS, type RunShell} from './run-shell.ts'

/** A second Ctrl-C, at least this time after the first one, ms, kills a shell that does not return to its prompt. */
const KILL_AFTER_MS = 5000

export interface RunInterruptsOptions {
  /** Whether the shell runs a program of this run. */
  isRunning(): boolean
  /** The program or the shell has been sent a Ctrl-C or a signal. */
  onInterrupt(): void
}

/** Interrupts a run, whatever the shell does at the moment. */
export interface RunInterrupts {
  /** Interrupts the program, or else the shell: at once, or `BUSY_MS` after the last start of a program. */
  interrupt(): void
  /** The shell has started a program. */
  noteStart(): void
  /** The program has printed this. */
  noteOutput(data: Uint8Array): void
  /** Lets the user out of a shell that does not return to its prompt. */
  killIfStuck(): void
  /** Forgets an interrupt that has not been sent yet. */
  stop(): void
  close(): void
}

export function createRunInterrupts(shell: RunShell, {isRunning, onInterrupt}: RunInterruptsOptions): RunInterrupts {
  /** The last start of a program, ms; see `BUSY_MS`. */
  let busySince = 0
  let timer: NodeJS.Timeout | undefined
  /** The first Ctrl-C pressed while no program runs, ms. */
  let ctrlCSince: number | undefined
  const interrupter = createInterrupter({
    pressCtrlC: () => shell.input.pressCtrlC(),
    isRunning,
    stat: () => shell.stat(),
    kill: (signal) => shell.kill(signal),
  })
  const stop = () => clearTimeout(timer)

  function interrupt(): void {
    stop()
    const inMs = busySince + BUSY_MS - performance.now()
    if (inMs > 0) {
      timer = setTimeout(interrupt, inMs)
      return
    }
    if (isRunning()) interrupter.interrupt()
    else shell.input.pressCtrlC()
    onInterrupt()
  }

  return {
    interrupt,
    noteStart() {
      busySince = performance.now()
      ctrlCSince = undefined
    },
    noteOutput: interrupter.noteOutput,
    killIfStuck() {
      ctrlCSince ??= performance.now()
      if (performance.now() - ctrlCSince > KILL_AFTER_MS) shell.kill('SIGKILL')
    },
    stop,
    close() {
      stop()
      interrupter.close()
    },
  }
}
