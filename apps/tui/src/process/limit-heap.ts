/** After this time, ms, a process has started, and V8's young generation has the size that everyday work needs: about 8 MiB. */
const afterMs = 1000

/**
 * Keeps V8's heap near the size of what lives in it. In a flood of output, V8 would double the young generation again and again,
 * to 128 MiB in each process, and keep it; and it would let the old generation, with the buffers that belong to it, grow to four
 * times what lives there before it collects the rest: twice is enough. The flood would not be faster. Node documents no effect of
 * flags set at run time: at worst, they have none. The documented ones work only on Node's command line, and the `#!` line starts
 * the screen.
 */
export function limitHeap(): void {
  setTimeout(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1 --heap-growing-percent=100')
  }, afterMs).unref()
}
