import {isForeground} from './process-facts.ts'
import type {RunShell} from './run-shell.ts'

/** A shell that waits for so long, and prints nothing, may be at a prompt without a mark. */
const QUIET_MS = 300
const EDITOR_OPENS = Buffer.from('\x1b[?2004h')

export interface HookWatchOptions {
  /** Whether the command itself may take the hooks away. */
  mayUnhook: boolean
  isRunning(): boolean
  /** The shell is at a prompt of which it tells nothing, and cannot be asked. */
  onUnhooked(): void
}

/** Suspects that a command has taken the hooks away, when it may, or when a line editor opens while it runs. */
export interface HookWatch {
  /** The command runs from now on. */
  begin(): void
  noteOutput(data: Uint8Array): void
  close(): void
}

export function createHookWatch(shell: RunShell, {mayUnhook, isRunning, onUnhooked}: HookWatchOptions): HookWatch {
  let isSuspicious = mayUnhook
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const facts = shell.facts()
    // Nothing but the shell has the terminal, and it neither prints nor works.
    if (!isRunning() || !isForeground(facts) || !facts?.isSleeping) return
    if (shell.probe) shell.keyboard.ask(shell.probe)
    else onUnhooked()
  }

  function lookSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(look, QUIET_MS)
  }

  return {
    begin() {
      if (mayUnhook) lookSoon()
    },
    noteOutput(data) {
      isSuspicious ||= shell.probe !== undefined && Buffer.from(data).includes(EDITOR_OPENS)
      if (isSuspicious) lookSoon()
    },
    close: () => clearTimeout(timer),
  }
}
