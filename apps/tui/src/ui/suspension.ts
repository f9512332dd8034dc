import {setImmediate as nextTurn} from 'node:timers/promises'

/** Gives the terminal to nobody while it works, and draws everything anew behind it; Ink's. */
export type SuspendTerminal = (work: () => Promise<void>) => Promise<void>

export interface SuspensionOptions {
  suspendTerminal: SuspendTerminal
  /** The process was not stopped: there is no shell that would wake it up again. */
  onRefused: () => void
}

/** How long a process may take to be stopped, ms. While it is, no time passes for it. */
const stopWithinMs = 500

/**
 * Ctrl-Z: the terminal is as it was found, and the process group is stopped until a shell says that it may go on. One
 * that nobody could wake up again is not stopped by the kernel; then all goes on at once.
 */
export async function suspendProcess({suspendTerminal, onRefused}: SuspensionOptions): Promise<void> {
  let isContinued = false
  await suspendTerminal(async () => {
    const continued = Promise.withResolvers<void>()
    const onContinue = () => {
      isContinued = true
      continued.resolve()
    }
    process.once('SIGCONT', onContinue)
    const timer = setTimeout(() => continued.resolve(), stopWithinMs)
    // 0: the group of this process, so that whatever started it is stopped, too.
    process.kill(0, 'SIGTSTP')
    await continued.promise
    // The timer may have been first when both were due.
    await nextTurn()
    clearTimeout(timer)
    process.off('SIGCONT', onContinue)
  })
  if (!isContinued) onRefused()
}
