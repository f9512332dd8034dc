import {readFileSync} from 'node:fs'
import {setImmediate as nextTurn} from 'node:timers/promises'

/**
 * Releases the terminal while `work` runs, and draws anew afterwards. Does nothing while other work has the terminal.
 * `toProgram`: the program of the session gets it, in raw mode, as the screen has it. @default false: it is as a shell has it
 */
export type LendTerminal = (work: () => Promise<void>, options?: {toProgram?: boolean}) => Promise<void>

export interface Suspension {
  /**
   * Ctrl-Z: restores the terminal and stops the process group until a shell continues it. The kernel does not stop an
   * orphaned process group, as no shell could resume it: then `onRefused` is called.
   */
  suspend(onRefused: () => void): Promise<void>
  /** Leaves the signals to the system again. */
  close(): void
}

/** How long the kernel may take to stop the process, ms. No time passes while it is stopped. */
const stopWithinMs = 500

/**
 * Handles SIGTSTP like Ctrl-Z. After a SIGSTOP, which no process can handle, takes the terminal anew on SIGCONT if a shell
 * has used it meanwhile and changed its modes: `onRetake` is called then.
 */
export function watchSuspension(lend: LendTerminal, onRetake: () => void): Suspension {
  let onContinued: (() => void) | undefined
  let isClosed = false

  /** Returns false if the kernel refused. `target`: 0 is the process group. */
  const stop = async (target: number): Promise<boolean> => {
    const continued = Promise.withResolvers<void>()
    let isContinued = false
    onContinued = () => {
      isContinued = true
      continued.resolve()
    }
    const timer = setTimeout(continued.resolve, stopWithinMs)
    // Without a listener, the signal stops the process.
    process.off('SIGTSTP', onStop)
    process.kill(target, 'SIGTSTP')
    await continued.promise
    // Both may be due at once, with the timer first.
    await nextTurn()
    clearTimeout(timer)
    // A process that was continued in the background is stopped here, until it is in the foreground. If that were in the midst
    // of drawing, the terminal would be taken twice, with line mode in between, which loses keys such as Ctrl-D.
    process.stdin.setRawMode(true)
    // The SIGCONT of that stop is read in the next turn.
    await nextTurn()
    await nextTurn()
    if (!isClosed) process.on('SIGTSTP', onStop)
    onContinued = undefined
    return isContinued
  }
  const onStop = () => void lend(async () => void (await stop(process.pid)))
  const onContinue = () => {
    if (onContinued !== undefined) return onContinued()
    if (isJob()) onRetake()
  }
  process.on('SIGTSTP', onStop)
  process.on('SIGCONT', onContinue)

  return {
    async suspend(onRefused) {
      let isStopped = true
      // The whole process group, so that a wrapper such as npm is stopped, too.
      await lend(async () => void (isStopped = await stop(0)))
      if (!isStopped) onRefused()
    },
    close() {
      isClosed = true
      process.off('SIGTSTP', onStop)
      process.off('SIGCONT', onContinue)
    },
  }
}

/** Whether a shell with job control has started this process: its jobs are in other process groups than its own. */
function isJob(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return group !== session
  } catch {
    // Without /proc it is the rule.
    return true
  }
}
