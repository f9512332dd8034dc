/** After this time, ms, a process has started, and V8's young generation has the size that everyday work needs: about 8 MiB. */
const afterMs = 1000

/**
 * Keeps V8's young generation as large as the start made it. In a flood of output V8 would double it again and again, to
 * 128 MiB in each process, and keep it; the flood would not be faster. Node documents no effect of a flag set at run time: at
 * worst, it has none. The documented `--max-semi-space-size` works only on Node's command line, and the `#!` line starts the
 * screen.
 */
export function limitYoungGeneration(): void {
  setTimeout(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1')
  }, afterMs).unref()
}
