import {setTimeout as pause} from 'node:timers/promises'

/** On a loaded machine, the kernel passes on late what was written to a terminal, ms. */
const LATE_MS = 100

/** Resolves when what was written to a terminal before the call has been read from it, and handled, unless its reader pauses. */
export async function outputArrived(): Promise<void> {
  await pause(LATE_MS)
  // Timers come before input: after a pause that took longer, what has arrived meanwhile is not read yet.
  await new Promise(setImmediate)
}
