import {isForeground, type ProcessFacts} from './process-facts.ts'
import type {RunShell} from './run-shell.ts'

const NUDGE_AGAIN_MS = 1000
const CALL_AGAIN_MS = 1000
const MAX_CALLS = 3
/** A shell that has worked so long since it was nudged does not wait, in clock ticks. */
const WORKING_TICKS = 10

export interface SettlerOptions {
  /** Whether the command runs. */
  isRunning(): boolean
  /** Whether all lines that were entered are over, and the shell is back at its prompt. */
  isAtPrompt(): boolean
  /** The shell is at its prompt, and nothing is on its way to it. */
  onSettled(): void
  /** The shell waits, was pressed Ctrl-C and Enter, and says nothing of it: it has no hooks any more. */
  onUnhooked(): void
}

/**
 * What was typed for a command may be on its way yet when the command is over, and then the shell gets it: Ctrl-C just as
 * the program ended, an answer that nobody read. The run takes that along, so that it does not meet the next command.
 */
export interface Settler {
  /** A Ctrl-C was sent, or what stands for one. It is on its way for `afterMs` at least. @default 0 */
  noteInterrupt(afterMs?: number): void
  /** Whether no Ctrl-C can meet the shell any more. */
  readonly isInterruptSettled: boolean
  /** Something was typed for the program. */
  noteInput(): void
  /** The shell has told an end. */
  noteEnd(): void
  /** The shell's editor waits, and all lines that were entered are over. */
  notePrompt(): void
  /** The shell's editor has a line; an end or another prompt follows. */
  noteEntered(): void
  /** The shell has answered that it has read all. */
  noteHere(): void
  close(): void
}

export function createSettler(shell: RunShell, options: SettlerOptions): Settler {
  const {keyboard} = shell
  const {isRunning, isAtPrompt, onSettled, onUnhooked} = options
  let lastInterrupt: 'loose' | 'nudged' | 'settled' = 'settled'
  let lastCall: 'none' | 'open' | 'answered' = 'none'
  let calls = 0
  let timer: NodeJS.Timeout | undefined

  function settle(): void {
    clearTimeout(timer)
    const inMs = keyboard.settlesInMs()
    if (inMs > 0) timer = setTimeout(settle, inMs)
    else if (lastInterrupt !== 'settled') nudge()
    else if (!isAtPrompt()) return
    else if (keyboard.hasRest && lastCall === 'none') call()
    else if (keyboard.hasRest && lastCall === 'open') timer = setTimeout(call, CALL_AGAIN_MS)
    else onSettled()
  }

  /** Lines that no program has read may be the shell's next commands. When it has read all, it answers; or a program ate the call. */
  function call(): void {
    lastCall = calls++ < MAX_CALLS ? 'open' : 'answered'
    if (lastCall === 'open') keyboard.ask(shell.call)
    settle()
  }

  /**
   * A shell that has only noted a Ctrl-C swallows the next key. And at a Ctrl-C the terminal throws away what it has not
   * handed on yet, be it the shell's own words. Enter mends both: the shell says once more how it ended, and is ready.
   */
  function nudge(): void {
    const facts = shell.facts()
    if (!isAtPrompt() && !isForeground(facts)) return
    lastInterrupt = 'nudged'
    keyboard.nudge()
    timer = setTimeout(isAtPrompt() ? settle : () => giveUp(facts), NUDGE_AGAIN_MS)
  }

  function giveUp(before: ProcessFacts | undefined): void {
    const facts = shell.facts()
    const isWaiting = isForeground(facts) && facts?.isSleeping === true && facts.ticks - before!.ticks < WORKING_TICKS
    if (isRunning() && isWaiting) onUnhooked()
  }

  return {
    noteInterrupt(afterMs = 0) {
      lastInterrupt = 'loose'
      clearTimeout(timer)
      if (afterMs > 0) timer = setTimeout(settle, afterMs)
      else settle()
    },
    get isInterruptSettled() {
      return lastInterrupt === 'settled'
    },
    noteInput() {
      if (lastCall === 'answered') lastCall = 'none'
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
    noteHere() {
      if (lastCall === 'open') lastCall = 'answered'
      if (isAtPrompt()) settle()
    },
    close: () => clearTimeout(timer),
  }
}
