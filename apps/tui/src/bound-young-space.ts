import {setFlagsFromString} from 'node:v8'

/** By then a process has started, and the space is as large as its everyday work made it: some 8 MiB. */
const afterMs = 1000

/**
 * Keeps V8's space for new objects as large as the start made it. In a flood of output it would be doubled again and again,
 * to 128 MiB in each process, and kept; the flood is not faster by it.
 */
export function boundYoungSpace(): void {
  setTimeout(() => setFlagsFromString('--semi-space-growth-factor=1'), afterMs).unref()
}
