import {isWaiting} from '../process-stat.ts'
import {BUSY_MS, type RunShell} from './run-shell.ts'

const TRY_AGAIN_MS = 150
/** The tries of a shell that works meanwhile, or of which that is unknown. */
const MAX_TRIES = 12

export interface LineCancellerOptions {
  /** Another way was tried. It acts like a Ctrl-C. */
  onTried(): void
  /** No way has worked. */
  onStuck(): void
}

/** Makes the shell discard an unfinished line that nothing will complete. */
export interface LineCanceller {
  begin(): void
  stop(): void
}

/** Tries several ways in turn: Ctrl-C may be trapped, ignored, or, in a terminal that a program left raw, no signal. */
export function createLineCanceller(shell: RunShell, {onTried, onStuck}: LineCancellerOptions): LineCanceller {
  const {input, hooked} = shell
  const ways = [
    () => input.pressCtrlC(),
    () => shell.kill('SIGINT'),
    () => input.ask(hooked.cancelKeys),
    // The line may have completed in a shell that has lost its hooks.
    () => hooked.probeKeys && input.ask(hooked.probeKeys),
  ]
  let tries = 0
  let timer: NodeJS.Timeout | undefined

  function cancel(): void {
    const isStuck = tries >= ways.length && isWaiting(shell.stat())
    if (isStuck || tries === MAX_TRIES) return onStuck()
    ways[tries++ % ways.length]!()
    timer = setTimeout(cancel, TRY_AGAIN_MS)
    onTried()
  }

  return {
    begin: () => void (timer = setTimeout(cancel, BUSY_MS)),
    stop: () => clearTimeout(timer),
  }
}
