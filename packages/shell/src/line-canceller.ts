import {BUSY_MS, type RunShell} from './run-shell.ts'

const CANCEL_AGAIN_MS = 200
/** How often a shell is asked to cancel a line. */
const MAX_CANCELS = 12

export interface LineCancellerOptions {
  /** One more way was tried. It acts as a Ctrl-C does. */
  onTried(): void
  /** No way has helped. */
  onStuck(): void
}

/** Has the shell throw away a line that is unfinished, and has no rest. */
export interface LineCanceller {
  begin(): void
  stop(): void
}

/** Ctrl-C may be trapped, ignored, or no signal, as where a program has left the terminal so: other ways are tried in turn. */
export function createLineCanceller(shell: RunShell, {onTried, onStuck}: LineCancellerOptions): LineCanceller {
  const {keyboard} = shell
  const ways = [
    () => keyboard.interrupt(),
    () => shell.kill('SIGINT'),
    () => keyboard.ask(shell.cancel),
    // The line may have ended well, in a shell without hooks.
    () => shell.probe && keyboard.ask(shell.probe),
  ]
  let cancels = 0
  let timer: NodeJS.Timeout | undefined

  function cancel(): void {
    if (cancels === MAX_CANCELS) return onStuck()
    ways[cancels++ % ways.length]!()
    timer = setTimeout(cancel, CANCEL_AGAIN_MS)
    onTried()
  }

  return {
    begin: () => void (timer = setTimeout(cancel, BUSY_MS)),
    stop: () => clearTimeout(timer),
  }
}
