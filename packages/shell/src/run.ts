import type {RunFact} from '@holdfast/run-completion'

import {createHookWatch} from './hook-watch.ts'
import {createInterrupter} from './interrupter.ts'
import {createLineCanceller} from './line-canceller.ts'
import {createProgramInput} from './program-input.ts'
import {BUSY_MS, type RunShell} from './run-shell.ts'
import {createSettler} from './settler.ts'
import type {RunOptions, RunOutcome, ShellExit} from './shell.ts'

/** The status of what ended by Ctrl-C. */
const INTERRUPTED = 130
/** Who presses Ctrl-C still, so long after the first, wants to leave a shell that will not come back. */
const LEAVE_MS = 5000

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
  let stage: Stage = 'waiting'
  let hasStarted = false
  let isInterrupted = false
  let isIncomplete = false
  let fault: {error: unknown} | undefined
  /** What a command that was interrupted before its first line was entered ends with, too. */
  let exitCode = INTERRUPTED
  /** When the shell last began what a Ctrl-C must not meet. */
  let busySince = 0
  let interrupting: NodeJS.Timeout | undefined
  /** Since when the user wants to leave a shell that does not come back. */
  let leavingSince: number | undefined

  const isRunning = () => stage === 'running'
  const loseTrack = () => finish({kind: 'exit-status-unknown'})
  const programInput = createProgramInput(shell)
  const interrupter = createInterrupter({
    press: () => keyboard.interrupt(),
    isRunning,
    facts: () => shell.facts(),
    kill: (signal) => shell.kill(signal),
  })
  const canceller = createLineCanceller(shell, {
    onTried: () => settler.noteInterrupt(BUSY_MS),
    onStuck: loseTrack,
  })
  const settler = createSettler(shell, {
    isRunning,
    isAtPrompt: () => stage === 'settling',
    onSettled,
    onUnhooked: loseTrack,
  })
  const hookWatch = createHookWatch(shell, {
    mayUnhook: parts.some((part) => shell.mayUnhook(part)),
    isRunning,
    onUnhooked: loseTrack,
  })

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
    stopInterrupting()
    for (const part of [settler, programInput, interrupter, hookWatch]) part.close()
    if (fault) reject(fault.error)
    else resolve(result)
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
      if (!isCommand && settler.isInterruptSettled) interrupt()
      stage = 'settling'
      stopInterrupting()
      settler.notePrompt()
    } else if (isMore() && stage !== 'cancelling') enterNext(true)
    else if (stage === 'typed') {
      stage = 'cancelling'
      isIncomplete = !isInterrupted
      canceller.begin()
    }
  }

  function isMore(): boolean {
    return lines.length > 0 && !isInterrupted && !isIncomplete
  }

  function onSettled(): void {
    if (isMore()) enterNext(false)
    else finish(isIncomplete ? {kind: 'incomplete-input'} : {kind: 'completed', exitCode, cwd: shell.cwd})
  }

  function interrupt(): void {
    stopInterrupting()
    const inMs = busySince + BUSY_MS - performance.now()
    if (inMs > 0) {
      interrupting = setTimeout(interrupt, inMs)
      return
    }
    if (stage === 'running') interrupter.interrupt()
    else keyboard.interrupt()
    settler.noteInterrupt()
  }

  function stopInterrupting(): void {
    clearTimeout(interrupting)
    canceller.stop()
  }

  /** A Ctrl-C was pressed while nothing runs. Pressed for long enough, it gets its user out. */
  function considerLeaving(): void {
    leavingSince ??= performance.now()
    if (performance.now() - leavingSince > LEAVE_MS) shell.kill('SIGKILL')
  }

  return {
    outcome,
    get waitingBytes() {
      return programInput.waitingBytes
    },
    take(fact) {
      switch (fact.kind) {
        case 'output':
          // A line that is not parsed has no start, only a complaint. The next lines were meant to be its rest: not entered.
          if (stage === 'typed') lines.length = 0
          if (stage === 'typed' || stage === 'running') tell(() => onOutput?.(fact.data))
          if (stage === 'running') {
            interrupter.noteOutput(fact.data)
            hookWatch.noteOutput(fact.data)
          }
          break
        case 'start':
          stage = 'running'
          leavingSince = undefined
          busySince = performance.now()
          if (!hasStarted) tell(() => onStart?.())
          hasStarted = true
          programInput.begin()
          if (isInterrupted) interrupt()
          hookWatch.begin()
          break
        case 'unhooked':
          if (stage === 'running' || stage === 'cancelling') loseTrack()
          break
        case 'end':
          stopInterrupting()
          programInput.end()
          settler.noteEnd()
          // Otherwise it is the end of something else: of a run before, of a line that was typed to settle.
          if (stage === 'typed' || stage === 'cancelling' || stage === 'running') {
            exitCode = fact.exitCode
            stage = 'ended'
          }
          break
        case 'here':
          settler.noteHere()
          break
        case 'ready':
          onReady(fact.prompt)
          break
        case 'incomplete':
          isIncomplete = true
          stage = 'ended'
          break
        case 'entered':
          settler.noteEntered()
          break
      }
    },
    input(data) {
      settler.noteInput()
      programInput.send(data, stage === 'running' || stage === 'typed' || lines.length > 0)
    },
    interrupt() {
      isInterrupted = true
      if (stage !== 'running') considerLeaving()
      // A line that is half typed cannot be interrupted; `start` and `ready` see to it in a moment.
      if (stage === 'running' || stage === 'ended' || stage === 'settling') interrupt()
    },
    exit(exit) {
      finish({kind: 'exited', ...exit})
    },
  }
}
