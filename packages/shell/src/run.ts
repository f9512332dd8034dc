import type {RunFact} from '@holdfast/run-completion'

import {createInterrupter} from './interrupter.ts'
import type {Keyboard} from './keyboard.ts'
import {isForeground, type ProcessFacts} from './process-facts.ts'
import type {RunOptions, RunOutcome, ShellExit} from './shell.ts'

/** What a run needs of its shell. */
export interface RunShell {
  keyboard: Keyboard
  /** The shell's folder. */
  readonly cwd: string
  /** Behind its start mark it prints something yet, before the program has the terminal. */
  readonly startsLate: boolean
  /** What the system says about the shell; undefined if it says nothing. */
  facts(): ProcessFacts | undefined
  /** Signals the shell itself. */
  kill(signal: NodeJS.Signals): void
  /** What asks an open line editor whether the hooks are gone. */
  readonly probe: Uint8Array | undefined
  /** Whether a command may take the hooks away. */
  mayUnhook(command: string): boolean
}

/** The status of what ended by Ctrl-C. */
const INTERRUPTED = 130
/**
 * bash only notes a Ctrl-C that comes while it starts a program or opens its editor, and acts on it when the program has
 * ended or a key is pressed. So a Ctrl-C keeps this distance from both.
 */
const BUSY_MS = 50
/** What a shell prints between its start mark and the program is out by then. */
const START_MS = 50
const CANCEL_AGAIN_MS = 200
const NUDGE_AGAIN_MS = 1000
/** A shell that waits for so long, and prints nothing, may be at a prompt without a mark. */
const QUIET_MS = 300
const EDITOR_OPENS = Buffer.from('\x1b[?2004h')

/** One command, from its first keystroke to its outcome. */
export interface Run {
  /** What the shell does, as it happens; the first `ready` lets the typing begin. */
  take(fact: RunFact): void
  /** Bytes for the program; those that come before it runs wait for it. */
  input(data: Uint8Array): void
  interrupt(): void
  /** The shell is gone. */
  exit(exit: ShellExit): void
  readonly waitingBytes: number
  readonly outcome: Promise<RunOutcome>
}

/**
 * - `waiting`: for the shell's editor.
 * - `typed`: a line was entered, the shell parses it.
 * - `cancelling`: the shell wants the rest of a line that has none, and gets Ctrl-C.
 * - `running`: from its start mark to its end mark.
 * - `ended`: the shell is back and makes its prompt.
 * - `settling`: all lines are over.
 */
type Stage = 'waiting' | 'typed' | 'cancelling' | 'running' | 'ended' | 'settling'

/**
 * Types a command line by line, each when the shell asks for it, as a hand would. So the shell's editor after a line
 * always tells what became of it: with an end mark before, the line is over, without one the shell wants more.
 */
export function createRun(parts: readonly string[], options: RunOptions, shell: RunShell): Run {
  const {onOutput, onStart} = options
  const {keyboard} = shell
  const {promise: outcome, resolve, reject} = Promise.withResolvers<RunOutcome>()
  const lines = [...parts]
  const mayUnhook = parts.some((part) => shell.mayUnhook(part))
  let stage: Stage = 'waiting'
  let hasStarted = false
  let isInterrupted = false
  let isIncomplete = false
  let fault: {error: unknown} | undefined
  const early: Uint8Array[] = []
  /** What a command that was interrupted before its first line was entered ends with, too. */
  let exitCode = INTERRUPTED
  /** Whether the last Ctrl-C may still meet the shell, see `settle`. */
  let lastInterrupt: 'loose' | 'nudged' | 'settled' = 'settled'
  /** When the shell last began what a Ctrl-C must not meet. */
  let busySince = 0
  let interrupting: NodeJS.Timeout | undefined
  let settling: NodeJS.Timeout | undefined
  let takesInput = false
  let opening: NodeJS.Timeout | undefined
  const interrupter = createInterrupter({
    press: () => keyboard.interrupt(),
    isRunning: () => stage === 'running',
    facts: () => shell.facts(),
    kill: (signal) => shell.kill(signal),
  })
  let suspecting: NodeJS.Timeout | undefined

  /** What a caller throws at us is told at the end; the run goes on to it. */
  function tell(callback: () => void): void {
    if (fault) return
    try {
      callback()
    } catch (error) {
      fault = {error}
    }
  }

  function finish(result: RunOutcome): void {
    clearTimeout(interrupting)
    clearTimeout(settling)
    clearTimeout(opening)
    interrupter.close()
    clearTimeout(suspecting)
    if (fault) reject(fault.error)
    else resolve(result)
  }

  function takeInput(): void {
    takesInput = true
    for (const data of early.splice(0)) keyboard.send(data)
  }

  function enterNext(continues: boolean): void {
    stage = 'typed'
    keyboard.enter(lines.shift()!, {continues})
  }

  function onReady(prompt: 'command' | 'continuation'): void {
    const isMore = lines.length > 0 && !isInterrupted && !isIncomplete
    // While settling, an editor that closes for Ctrl-C and opens again looks as if it wanted more.
    if (stage === 'settling' || (prompt === 'command' && !isMore)) {
      stage = 'settling'
      clearTimeout(interrupting)
      clearTimeout(settling)
      if (lastInterrupt === 'nudged') settling = setTimeout(settle, NUDGE_AGAIN_MS)
      else settle()
    } else if (isMore && stage !== 'cancelling') enterNext(prompt === 'continuation')
    else if (stage === 'typed') {
      stage = 'cancelling'
      isIncomplete = !isInterrupted
      busySince = performance.now()
      interrupt()
    }
  }

  function interrupt(): void {
    clearTimeout(interrupting)
    const inMs = busySince + BUSY_MS - performance.now()
    if (inMs > 0) {
      interrupting = setTimeout(interrupt, inMs)
      return
    }
    if (stage === 'running') interrupter.interrupt()
    else keyboard.interrupt()
    lastInterrupt = 'loose'
    if (stage === 'cancelling') interrupting = setTimeout(interrupt, CANCEL_AGAIN_MS)
    settle()
  }

  /** Nothing but the shell has the terminal, and it neither prints nor works: is it at a prompt of which it tells nothing? */
  function suspect(): void {
    clearTimeout(suspecting)
    suspecting = setTimeout(() => {
      const facts = shell.facts()
      if (stage !== 'running' || !isForeground(facts) || !facts?.isSleeping) return
      if (shell.probe) keyboard.ask(shell.probe)
      else finish({kind: 'untracked'})
    }, QUIET_MS)
  }

  /**
   * What was typed for the command may be on its way yet when the command is over, and then the shell gets it: Ctrl-C just
   * as the program ended, an answer that nobody read. The run takes that along, so that it does not meet the next command.
   */
  function settle(): void {
    clearTimeout(settling)
    const inMs = keyboard.settlesInMs()
    if (inMs > 0) settling = setTimeout(settle, inMs)
    else if (lastInterrupt !== 'settled') nudge()
    else if (stage === 'settling')
      finish(isIncomplete ? {kind: 'incomplete-input'} : {kind: 'completed', exitCode, cwd: shell.cwd})
  }

  /**
   * A shell that has only noted a Ctrl-C swallows the next key. And at a Ctrl-C the terminal throws away what it has not
   * handed on yet, be it the shell's own words. Enter mends both: the shell says once more how it ended, and is ready.
   */
  function nudge(): void {
    const facts = shell.facts()
    if (stage !== 'settling' && !isForeground(facts)) return
    lastInterrupt = 'nudged'
    keyboard.nudge()
    if (stage === 'settling') settling = setTimeout(settle, NUDGE_AGAIN_MS)
    else settling = setTimeout(() => giveUp(facts), NUDGE_AGAIN_MS)
  }

  /** A shell that waits, was pressed Ctrl-C and Enter, and says nothing of it, has no hooks any more. */
  function giveUp(before: ProcessFacts | undefined): void {
    const facts = shell.facts()
    const isWaiting = isForeground(facts) && facts?.isSleeping === true && facts.ticks - before!.ticks < 10
    if (stage === 'running' && isWaiting) finish({kind: 'untracked'})
  }

  return {
    outcome,
    get waitingBytes() {
      return early.reduce((sum, data) => sum + data.length, 0)
    },
    take(fact) {
      switch (fact.kind) {
        case 'output':
          // A line that is not parsed has no start, only a complaint. The next lines were meant to be its rest: not entered.
          if (stage === 'typed') lines.length = 0
          if (stage === 'typed' || stage === 'running') tell(() => onOutput(fact.data))
          if (stage === 'running') {
            interrupter.noteOutput(fact.data)
            if (suspecting || mayUnhook || (shell.probe && Buffer.from(fact.data).includes(EDITOR_OPENS))) suspect()
          }
          break
        case 'start':
          stage = 'running'
          busySince = performance.now()
          if (!hasStarted) tell(() => onStart?.())
          hasStarted = true
          if (shell.startsLate) opening = setTimeout(takeInput, START_MS)
          else takeInput()
          if (isInterrupted) interrupt()
          if (mayUnhook) suspect()
          break
        case 'unhooked':
          if (stage === 'running') finish({kind: 'untracked'})
          break
        case 'end':
          clearTimeout(interrupting)
          clearTimeout(opening)
          takesInput = false
          if (lastInterrupt === 'nudged') lastInterrupt = 'settled'
          // Otherwise it is the end of something else: of a run before, of a line that was typed to settle.
          if (stage === 'typed' || stage === 'cancelling' || stage === 'running') {
            exitCode = fact.exitCode
            stage = 'ended'
          }
          break
        case 'ready':
          onReady(fact.prompt)
          break
        case 'incomplete':
          isIncomplete = true
          stage = 'ended'
          break
        case 'entered':
          if (stage === 'settling') clearTimeout(settling)
          break
      }
    },
    input(data) {
      if (takesInput) keyboard.send(data)
      else if (stage === 'running' || stage === 'typed' || lines.length > 0) early.push(data)
    },
    interrupt() {
      isInterrupted = true
      // A line that is half typed cannot be interrupted; `start` and `ready` see to it in a moment.
      if (stage === 'running' || stage === 'ended') interrupt()
    },
    exit(exit) {
      finish({kind: 'exited', ...exit})
    },
  }
}
