import {isWaiting} from '../process-stat.ts'
import type {RunShell} from './run-shell.ts'

/** A shell that waits and prints nothing for this time, ms, may be at a prompt without a marker. */
const QUIET_MS = 300
const EDITOR_OPENS = Buffer.from('\x1b[?2004h')

export interface HookWatchOptions {
  /** Whether the command itself may remove the hooks. */
  mayUnhook: boolean
  isRunning(): boolean
  /** The shell seems to be at a prompt without a marker, and cannot be probed. */
  onUnhooked(): void
}

/** Detects that a command has removed the hooks. Checks only commands that may do so, or that open a line editor. */
export interface HookWatch {
  begin(): void
  noteOutput(data: Uint8Array): void
  close(): void
}

export function createHookWatch(shell: RunShell, {mayUnhook, isRunning, onUnhooked}: HookWatchOptions): HookWatch {
  const {probeKeys} = shell.hooked
  let isSuspicious = mayUnhook
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    if (!isRunning() || !isWaiting(shell.stat())) return
    if (probeKeys) shell.input.ask(probeKeys)
    else onUnhooked()
  }

  function checkSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(check, QUIET_MS)
  }

  return {
    begin() {
      if (mayUnhook) checkSoon()
    },
    noteOutput(data) {
      isSuspicious ||= probeKeys !== undefined && Buffer.from(data).includes(EDITOR_OPENS)
      if (isSuspicious) checkSoon()
    },
    close: () => clearTimeout(timer),
  }
}
