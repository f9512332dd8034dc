import {constants} from 'node:os'

import type {LineReading} from '../activity/line-reading.ts'
import type {RunOptions, RunOutcome} from '../shell.ts'
import {isBlank} from '../hooks/is-blank.ts'
import {createLateInputGuard} from './late-input-guard.ts'
import {createLineCanceller} from './line-canceller.ts'
import {createProgramInput} from './program-input.ts'
import {createRunInterrupts} from './run-interrupts.ts'
import {BUSY_MS, type Run, type RunShell} from './run-shell.ts'
import {createSilenceWatch} from './silence-watch.ts'

/** The exit code of a program ended by Ctrl-C. */
const INTERRUPTED = 130
/** The exit code of a program that Ctrl-Z has stopped. */
const STOPPED = 128 + constants.signals.SIGTSTP

/**
 * - `waiting`: for the shell's line editor.
 * - `typed`: a line was entered, the shell parses it.
 * - `cancelling`: the shell asks for the rest of a line that has none, and gets Ctrl-C.
 * - `running`: between start marker and end marker.
 * - `ended`: the shell is back and prepares its prompt.
 * - `settling`: all lines have ended.
 */
type Stage = 'waiting' | 'typed' | 'cancelling' | 'running' | 'ended' | 'settling'

/**
 * Types a command line by line, each line when the shell asks for it. So the next prompt always shows the result of a line:
 * after an end marker the line has ended, without one the shell asks for more.
 */
export function createRun(parts: readonly string[], options: RunOptions, shell: RunShell): Run {
  const {onOutput, onStart} = options
  const {promise: outcome, resolve, reject} = Promise.withResolvers<RunOutcome>()
  const lines = [...parts]
  let entered = 0
  let stage: Stage = 'waiting'
  let hasStarted = false
  let isInterrupted = false
  let isIncomplete = false
  let isUnknown = false
  /** Something was printed since the last line was entered. */
  let hasPrinted = false
  /** The shell has ended a line that it did not run. */
  let wasChanged = false
  /** Output and start marker of the line that switches the line editor on do not belong to the command. */
  let switching: 'not-yet' | 'now' | 'done' = 'not-yet'
  let fault: {error: unknown} | undefined
  /** Also the exit code of a command interrupted before its first line was entered. */
  let exitCode = INTERRUPTED

  const isRunning = () => stage === 'running'
  const programInput = createProgramInput(shell)
  const interrupts = createRunInterrupts(shell, {isRunning, onInterrupt: () => lateInputGuard.noteInterrupt()})
  const canceller = createLineCanceller(shell, {
    onTried: () => lateInputGuard.noteInterrupt(BUSY_MS),
    onStuck: finishUnknown,
  })
  const lateInputGuard = createLateInputGuard(shell, {isAtPrompt: () => stage === 'settling', onSettled})
  const silenceWatch = createSilenceWatch({
    stat: () => shell.stat(),
    readLine: () => shell.lines.read(!isRunning()),
    isHeldUp: () => shell.isPaused || shell.input.waitingBytes > 0,
    ask() {
      const {probeKeys} = shell.hooked
      return probeKeys && isRunning() ? () => shell.input.ask(probeKeys) : undefined
    },
    onPrompt: onSilentPrompt,
  })

  /** Calls a callback of the caller. The run continues after an error, and rejects with it at its end. */
  function callBack(callback: () => void): void {
    if (fault) return
    try {
      callback()
    } catch (error) {
      fault = {error}
    }
  }

  function finish(result: RunOutcome): void {
    stopInterrupting()
    for (const part of [lateInputGuard, programInput, interrupts, silenceWatch]) part.close()
    if (fault) reject(fault.error)
    else resolve(result)
  }

  function finishUnknown(): void {
    shell.input.noteUnread()
    const unmarked = shell.takeUnmarked()
    if (unmarked.length > 0) callBack(() => onOutput?.(unmarked))
    finish({kind: 'exit-status-unknown'})
  }

  /** The shell has installed the hooks again. It prepares the next command at its next prompt. */
  function onUnhooked(): void {
    stopInterrupting()
    isUnknown = true
    stage = 'ended'
    shell.input.nudge()
  }

  /** The shell waits for a line without its line editor. A command that ran into this state has lost its hooks, too. */
  function switchEditorOn(keys: Uint8Array): void {
    stopInterrupting()
    switching = 'now'
    isUnknown ||= stage === 'running' || stage === 'typed'
    if (isUnknown) stage = 'ended'
    shell.input.ask(keys)
  }

  /** The shell waits for a line, although no marker said so. */
  function onSilentPrompt(reading: LineReading): void {
    const {editorKeys} = shell.hooked
    if (reading === 'plain' && editorKeys && switching === 'not-yet') switchEditorOn(editorKeys)
    else if (reading === 'line-mode') {
      // Keys without an Enter do not reach the shell.
      void shell.lines.passKeysOn()
    } else if (isUnknown || stage === 'running') finishUnknown()
    else if (stage === 'typed' && reading === 'plain') {
      // Else an unfinished line would become part of the next command.
      shell.input.pressCtrlC()
      finishUnknown()
    } else if (stage === 'typed') onUnaccepted()
    else if (stage === 'waiting' || stage === 'ended') shell.assumePrompt()
  }

  function enterNext(continues: boolean): void {
    stage = 'typed'
    if (switching === 'now') switching = 'done'
    hasPrinted = false
    silenceWatch.note()
    entered += 1
    shell.input.enter(lines.shift()!, {continues})
  }

  function onReady(prompt: 'command' | 'continuation'): void {
    if (isUnknown) return finishUnknown()
    const isCommand = prompt === 'command'
    if (stage === 'waiting') enterNext(false)
    else if (isCommand || stage === 'settling') {
      // A line editor that Ctrl-C closes opens again like one that asks for more.
      if (!isCommand && lateInputGuard.isInterruptSettled) interrupt()
      stage = 'settling'
      stopInterrupting()
      lateInputGuard.notePrompt()
    } else if (isMore() && stage !== 'cancelling') enterNext(true)
    else if (stage === 'typed') {
      isIncomplete = !isInterrupted
      cancelLine()
    }
  }

  function cancelLine(): void {
    stage = 'cancelling'
    canceller.begin()
  }

  /** The shell asks for more, which its redirected stderr hides; or its line editor has ignored our keys. */
  function onUnaccepted(): void {
    if (isMore()) return enterNext(true)
    isUnknown = true
    cancelLine()
  }

  function toCompleted(): RunOutcome {
    const {cwd} = shell
    const isCut = parts.slice(entered).some((line) => line.trim() !== '')
    return {kind: 'completed', exitCode, cwd, ...(isCut && {lines: {entered, total: parts.length}})}
  }

  function isMore(): boolean {
    return lines.length > 0 && !isInterrupted && !isIncomplete && !wasChanged
  }

  /** For a line that ended without a start and without an error message: unless it is blank, an alias or a widget has changed it. */
  function mayBeChanged(line: string): boolean {
    return shell.hooked.probeKeys !== undefined && !isBlank(line)
  }

  function onSettled(): void {
    if (isMore()) enterNext(false)
    else if (wasChanged) finish({kind: 'exit-status-unknown'})
    else finish(isIncomplete ? {kind: 'incomplete-input'} : toCompleted())
  }

  function interrupt(): void {
    canceller.stop()
    interrupts.interrupt()
  }

  function stopInterrupting(): void {
    canceller.stop()
    interrupts.stop()
  }

  return {
    outcome,
    get isRunning() {
      return isRunning()
    },
    get takesInput() {
      return programInput.isOpen
    },
    get waitingBytes() {
      return programInput.waitingBytes
    },
    get isAtPrompt() {
      return stage === 'waiting' || stage === 'ended' || stage === 'settling'
    },
    take(event) {
      if (event.kind === 'hooked') silenceWatch.noteHooked()
      else if (event.kind === 'output') silenceWatch.noteOutput()
      else silenceWatch.note()
      switch (event.kind) {
        case 'output':
          // A line that does not parse has no start, only an error message. The next lines may be its rest, and are not entered.
          if (stage === 'typed') lines.length = 0
          hasPrinted = true
          if (stage === 'typed' || stage === 'running') callBack(() => onOutput?.(event.data))
          if (stage === 'running') interrupts.noteOutput(event.data)
          break
        case 'start':
          if (switching === 'now') break
          stage = 'running'
          interrupts.noteStart()
          if (!hasStarted) callBack(() => onStart?.())
          hasStarted = true
          programInput.begin()
          if (isInterrupted) interrupt()
          break
        case 'unhooked':
          if (stage === 'running' || stage === 'cancelling') onUnhooked()
          break
        case 'end':
          if (stage === 'typed' && !hasPrinted && !isInterrupted) wasChanged = mayBeChanged(parts[entered - 1]!)
          if (switching === 'now') switching = 'done'
          stopInterrupting()
          const {hasCtrlC, hasStopped} = programInput.end()
          lateInputGuard.noteEnd()
          // Else the end belongs to something else: an earlier run, or a nudge.
          if (stage === 'typed' || stage === 'cancelling' || stage === 'running') {
            exitCode = hasStopped ? STOPPED : event.exitCode
            isInterrupted ||= hasCtrlC && exitCode === INTERRUPTED
            stage = 'ended'
          }
          break
        case 'synced':
          lateInputGuard.noteSynced()
          break
        case 'ready':
          onReady(event.prompt)
          break
        case 'incomplete':
          isIncomplete = true
          stage = 'ended'
          break
        case 'entered':
          lateInputGuard.noteEntered()
          break
      }
    },
    input(data) {
      silenceWatch.note()
      lateInputGuard.noteInput()
      return programInput.send(data, stage === 'running' || stage === 'typed' || lines.length > 0)
    },
    interrupt() {
      isInterrupted = true
      silenceWatch.note()
      if (stage !== 'running') interrupts.killIfStuck()
      // A line that is being typed cannot be interrupted: the Ctrl-C is sent at the `start` or `ready` that follows.
      if (stage === 'running' || stage === 'ended' || stage === 'settling') interrupt()
    },
    exit(exit) {
      finish({kind: 'exited', ...exit})
    },
  }
}
