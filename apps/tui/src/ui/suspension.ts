import {setImmediate as nextTurn} from 'node:timers/promises'

/** Ink's function that releases the terminal while `work` runs and draws anew afterwards. */
export type SuspendTerminal = (work: () => Promise<void>) => Promise<void>

/** How long the kernel may take to stop the process, ms. No time passes while it is stopped. */
const stopWithinMs = 500

/**
 * Ctrl-Z: restores the terminal and stops the process group until a shell continues it. The kernel does not stop an orphaned
 * process group, as no shell could resume it: then `onRefused` is called.
 */
export async function suspendProcess(suspendTerminal: SuspendTerminal, onRefused: () => void): Promise<void> {
  let isContinued = false
  await suspendTerminal(async () => {
    const continued = Promise.withResolvers<void>()
    const onContinue = () => {
      isContinued = true
      continued.resolve()
    }
    process.once('SIGCONT', onContinue)
    const timer = setTimeout(() => continued.resolve(), stopWithinMs)
    // 0: the whole process group, so that a wrapper such as npm is stopped, too.
    process.kill(0, 'SIGTSTP')
    await continued.promise
    // Both may be due at once, with the timer first.
    await nextTurn()
    clearTimeout(timer)
    process.off('SIGCONT', onContinue)
  })
  if (!isContinued) onRefused()
}
