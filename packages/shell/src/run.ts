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
  /** What makes the shell throw an unfinished line away, where Ctrl-C does not. */
  readonly cancel: Uint8Array
  /** What makes it say `here`, when it has read all that was typed before. */
  readonly call: Uint8Array
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
/** How often a shell is asked to cancel a line. */
const MAX_CANCELS = 12
/** Who presses Ctrl-C still, so long after the first, wants to leave a shell that will not come back. */
const LEAVE_MS = 5000
const NUDGE_AGAIN_MS = 1000
/** A shell that waits for so long, and prints nothing, may be at a prompt without a mark. */
const QUIET_MS = 300
const CALL_AGAIN_MS = 1000
const MAX_CALLS = 3
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
  let cancels = 0
  /** Since when the user wants to leave a shell that does not come back. */
  let leavingSince: number | undefined
  let calls = 0
  /** Whether the shell has read all that was typed, see `call`. */
  let lastCall: 'none' | 'open' | 'answered' = 'none'
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
    const isCommand = prompt === 'command'
    if (stage === 'waiting') enterNext(false)
    else if (isCommand || stage === 'settling') {
      // An editor that closes for Ctrl-C and opens again looks as if it wanted more, too.
      if (!isCommand && lastInterrupt === 'settled') interrupt()
      settleAtPrompt()
    } else if (isMore() && stage !== 'cancelling') enterNext(true)
    else if (stage === 'typed') {
      stage = 'cancelling'
      isIncomplete = !isInterrupted
      interrupting = setTimeout(cancel, BUSY_MS)
    }
  }

  function isMore(): boolean {
    return lines.length > 0 && !isInterrupted && !isIncomplete
  }

  function settleAtPrompt(): void {
    stage = 'settling'
    clearTimeout(interrupting)
    clearTimeout(settling)
    if (lastInterrupt === 'nudged') settling = setTimeout(settle, NUDGE_AGAIN_MS)
    else settle()
  }

  /** Ctrl-C may be trapped, ignored, or no signal, as where a program has left the terminal so: other ways are tried in turn. */
  function cancel(): void {
    const ways = [
      () => keyboard.interrupt(),
      () => shell.kill('SIGINT'),
      () => keyboard.ask(shell.cancel),
      // The line may have ended well, in a shell without hooks.
      () => shell.probe && keyboard.ask(shell.probe),
    ]
    if (cancels === MAX_CANCELS) {
      finish({kind: 'untracked'})
      return
    }
    ways[cancels++ % ways.length]!()
    lastInterrupt = 'loose'
    clearTimeout(settling)
    settling = setTimeout(settle, BUSY_MS)
    interrupting = setTimeout(cancel, CANCEL_AGAIN_MS)
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
    else if (stage === 'settling' && keyboard.hasRest && lastCall === 'none') call()
    else if (stage === 'settling' && keyboard.hasRest && lastCall === 'open') settling = setTimeout(call, CALL_AGAIN_MS)
    else if (stage === 'settling' && isMore()) enterNext(false)
    else if (stage === 'settling')
      finish(isIncomplete ? {kind: 'incomplete-input'} : {kind: 'completed', exitCode, cwd: shell.cwd})
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
          if (stage === 'typed' || stage === 'running') tell(() => onOutput?.(fact.data))
          if (stage === 'running') {
            interrupter.noteOutput(fact.data)
            if (suspecting || mayUnhook || (shell.probe && Buffer.from(fact.data).includes(EDITOR_OPENS))) suspect()
          }
          break
        case 'start':
          stage = 'running'
          leavingSince = undefined
          busySince = performance.now()
          if (!hasStarted) tell(() => onStart?.())
          hasStarted = true
          if (shell.startsLate) opening = setTimeout(takeInput, START_MS)
          else takeInput()
          if (isInterrupted) interrupt()
          if (mayUnhook) suspect()
          break
        case 'unhooked':
          if (stage === 'running' || stage === 'cancelling') finish({kind: 'untracked'})
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
        case 'here':
          if (lastCall === 'open') lastCall = 'answered'
          if (stage === 'settling') settle()
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
      if (lastCall === 'answered') lastCall = 'none'
      if (takesInput) keyboard.send(data)
      else if (stage === 'running' || stage === 'typed' || lines.length > 0) early.push(data)
    },
    interrupt() {
      isInterrupted = true
      if (stage !== 'running') {
        leavingSince ??= performance.now()
        if (performance.now() - leavingSince > LEAVE_MS) shell.kill('SIGKILL')
      }
      // A line that is half typed cannot be interrupted; `start` and `ready` see to it in a moment.
      if (stage === 'running' || stage === 'ended' || stage === 'settling') interrupt()
    },
    exit(exit) {
      finish({kind: 'exited', ...exit})
    },
  }
}
