import {isForeground} from '../process-stat.ts'
import type {RunShell} from './run-shell.ts'

const NUDGE_AGAIN_MS = 1000
/** A shell that answers none of these has lost the key. */
const MAX_NUDGES = 3
/** How often a shell is looked at that may be about to read a line. */
const LOOK_AGAIN_MS = 200
const SYNC_AGAIN_MS = 1000
const MAX_SYNCS = 3

export interface LateInputGuardOptions {
  /** Whether all entered lines have ended, and the shell is back at its prompt. */
  isAtPrompt(): boolean
  /** The shell is at its prompt, and nothing typed is on its way to it. */
  onSettled(): void
}

/**
 * Keeps a run open until nothing typed for it can reach the next command. When a command ends, a Ctrl-C or an answer that no
 * program read may still be on its way, and the shell would receive it.
 */
export interface LateInputGuard {
  /** The host has sent a Ctrl-C or SIGINT, which may take `afterMs` or longer to arrive. @default 0 */
  noteInterrupt(afterMs?: number): void
  /** Whether no Ctrl-C can reach the shell any more. */
  readonly isInterruptSettled: boolean
  /** Something was typed for the program. */
  noteInput(): void
  /** The shell has printed an end marker. */
  noteEnd(): void
  /** The line editor waits, and all entered lines have ended. */
  notePrompt(): void
  /** The line editor has accepted a line: an end marker or another prompt follows. */
  noteEntered(): void
  /** The shell has answered that it has read everything. */
  noteSynced(): void
  close(): void
}

export function createLateInputGuard(shell: RunShell, options: LateInputGuardOptions): LateInputGuard {
  const {input, hooked} = shell
  const {isAtPrompt, onSettled} = options
  let lastInterrupt: 'pending' | 'nudged' | 'settled' = 'settled'
  let lastSync: 'none' | 'asked' | 'answered' = 'none'
  let syncs = 0
  let nudges = 0
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function settle(): void {
    clearTimeout(timer)
    const inMs = input.arrivesInMs()
    if (inMs > 0) timer = setTimeout(settle, inMs)
    else if (lastInterrupt !== 'settled') nudge()
    else if (!isAtPrompt()) return
    else if (input.mayBeUnread && lastSync === 'none') askToSync()
    else if (input.mayBeUnread && lastSync === 'asked') timer = setTimeout(askToSync, SYNC_AGAIN_MS)
    else onSettled()
  }

  /** Unread lines may be the shell's next commands. It answers when it has read them, unless a program reads the question. */
  function askToSync(): void {
    lastSync = syncs++ < MAX_SYNCS ? 'asked' : 'answered'
    if (lastSync === 'asked') input.ask(hooked.syncKeys)
    settle()
  }

  /**
   * A shell that has only recorded a Ctrl-C swallows the next key, and at a Ctrl-C the terminal discards pending output, even
   * the shell's markers. Enter repairs both: the shell prints its end marker once more, and is ready.
   */
  function nudge(): void {
    if (isAtPrompt()) pressEnter()
    else if (isForeground(shell.stat())) void nudgeReader()
  }

  /** Between two programs of a command, the shell is in the foreground, too: it would read the Enter after the command. */
  async function nudgeReader(): Promise<void> {
    const reading = await shell.lines.read(false)
    if (isClosed || isAtPrompt() || lastInterrupt !== 'pending') return
    if (reading === 'none') timer = setTimeout(settle, LOOK_AGAIN_MS)
    else pressEnter()
  }

  function pressEnter(): void {
    if (nudges++ === MAX_NUDGES) {
      lastInterrupt = 'settled'
      return settle()
    }
    lastInterrupt = 'nudged'
    input.nudge()
    if (isAtPrompt()) timer = setTimeout(settle, NUDGE_AGAIN_MS)
  }

  return {
    noteInterrupt(afterMs = 0) {
      lastInterrupt = 'pending'
      clearTimeout(timer)
      if (afterMs > 0) timer = setTimeout(settle, afterMs)
      else settle()
    },
    get isInterruptSettled() {
      return lastInterrupt === 'settled'
    },
    noteInput() {
      if (lastSync === 'answered') lastSync = 'none'
    },
    noteEnd() {
      if (lastInterrupt === 'nudged') lastInterrupt = 'settled'
    },
    notePrompt() {
      clearTimeout(timer)
      if (lastInterrupt === 'nudged') timer = setTimeout(settle, NUDGE_AGAIN_MS)
      else settle()
    },
    noteEntered() {
      if (isAtPrompt()) clearTimeout(timer)
    },
    noteSynced() {
      if (lastSync === 'asked') lastSync = 'answered'
      if (isAtPrompt()) settle()
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
