import {readlinkSync} from 'node:fs'

import {RunCompletionCoordinator} from '@holdfast/run-completion'
import {createQueryResponder} from '@holdfast/terminal'

import {createActivityWatch, type Activity} from './activity.ts'
import {closeShell} from './close-shell.ts'
import {createInterrupter} from './interrupter.ts'
import {lookAtProgram} from './look-at-program.ts'
import type {OpenedShell} from './open-shell.ts'
import {isForeground, readProcessFacts} from './process-facts.ts'
import {createPromptWatch} from './prompt-watch.ts'
import {startPty, type PtyOptions} from './pty.ts'
import {ShellError} from './shell-error.ts'
import type {RunOptions, RunOutcome, Shell} from './shell.ts'

/** A wait that only the run itself ends. */
const FOR_EVER_MS = 2 ** 31 - 1
/** How long an interrupted shell may take to its prompt, before it is asked again how the command ended. */
const ASK_AGAIN_MS = 250
const MAX_START_OUTPUT_BYTES = 4096

/**
 * A shell that cannot be hooked, on a terminal of its own. Behind each command a line is typed that makes it say how the
 * command ended. The output holds what the terminal and the shell echo, and the prompts.
 */
export function openSentinelShell(options: Omit<PtyOptions, 'onData'> & {path: string}): OpenedShell {
  const {path, ...ptyOptions} = options
  let startOutput: Buffer = Buffer.alloc(0)
  let onOutput: ((data: Uint8Array) => void) | undefined
  let runs = 0
  let isOver = false
  let interrupt: (() => void) | undefined
  let reportBackgroundOutput: ((data: Uint8Array) => void) | undefined
  let tellActivity: ((activity: Activity) => void) | undefined
  const activityWatch = createActivityWatch({
    look: () => lookAtProgram(pty.pid),
    onActivity: (activity) => tellActivity?.(activity),
  })
  /** What is printed now is the prompt, or was printed while it was drawn. */
  let isDrawing = true
  const promptWatch = createPromptWatch({
    facts: () => readProcessFacts(pty.pid),
    onDrawn: () => void (isDrawing = false),
  })

  const coordinator = new RunCompletionCoordinator({
    appendOutput(data) {
      if (onOutput) onOutput(data)
      else if (runs <= 1) startOutput = Buffer.concat([startOutput, data]).subarray(-MAX_START_OUTPUT_BYTES)
      if (interrupt === undefined && !isDrawing) reportBackgroundOutput?.(data)
    },
    appendRunComplete: () => runs,
  })
  const pty = startPty(path, ['-i'], {...ptyOptions, onData})
  const questions = createQueryResponder({size: ptyOptions.size, answer: (bytes) => pty.write(bytes)})

  function onData(data: Uint8Array): void {
    questions.write(data)
    promptWatch.note()
    activityWatch.note()
    void coordinator.ingestPtyData(data)
  }

  const closed = pty.closed.then(async (exit) => {
    isOver = true
    questions.close()
    promptWatch.end()
    activityWatch.end()
    await coordinator.flushPtyDataOnExit()
    coordinator.resetForExit()
    return exit
  })

  /** Types this, and waits for its end. */
  async function enter(text: string, output?: RunOptions): Promise<RunOutcome> {
    promptWatch.end()
    if (output !== undefined) activityWatch.begin()
    const run = coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: ++runs})
    let isRunning = true
    let fault: {error: unknown} | undefined
    let asking: NodeJS.Timeout | undefined
    const interrupter = createInterrupter({
      press() {
        pty.discard()
        pty.write(Buffer.from('\x03'))
      },
      isRunning: () => isRunning,
      facts: () => readProcessFacts(pty.pid),
      kill: (signal) => pty.kill(signal),
    })
    // At Ctrl-C the terminal forgets what was typed ahead.
    const ask = () => {
      if (isForeground(readProcessFacts(pty.pid))) pty.write(Buffer.from(run.postamble))
      else asking = setTimeout(ask, ASK_AGAIN_MS)
    }
    interrupt = () => {
      interrupter.interrupt()
      clearTimeout(asking)
      asking = setTimeout(ask, ASK_AGAIN_MS)
    }
    onOutput =
      output &&
      ((data) => {
        interrupter.noteOutput(data)
        try {
          if (!fault) output.onOutput?.(data)
        } catch (error) {
          fault = {error}
        }
      })
    try {
      pty.write(Buffer.from(`${text}${run.postamble}`))
      output?.onStart?.()
      let outcome = await run.wait(FOR_EVER_MS)
      while (outcome.kind === 'timeout') outcome = await run.wait(FOR_EVER_MS)
      if (fault) throw fault.error
      if (outcome.kind === 'exited') return {kind: 'exited', ...(await pty.closed)}
      return {kind: 'completed', exitCode: outcome.exitCode ?? 0, cwd: shell.cwd}
    } finally {
      isRunning = false
      interrupt = onOutput = undefined
      isDrawing = true
      activityWatch.end()
      promptWatch.begin()
      clearTimeout(asking)
      interrupter.close()
    }
  }

  const shell: Shell = {
    pid: pty.pid,
    path,
    strategy: 'sentinel',
    get cwd() {
      return folderOf(pty.pid) ?? ptyOptions.cwd
    },
    async run(command, runOptions = {}) {
      if (isOver || pty.isGone) throw new ShellError('closed', 'Expected a living shell, got one that has ended')
      if (interrupt) throw new ShellError('busy', 'Expected a shell at its prompt, got one that runs a command')
      return enter(`${command}\n`, runOptions)
    },
    input: (data) => {
      activityWatch.note()
      if (interrupt) pty.write(Buffer.from(data))
    },
    interrupt: () => interrupt?.(),
    resize(size) {
      pty.resize(size)
      questions.resize(size)
    },
    holdAnswers: (isHeld) => questions.hold(isHeld),
    onActivity: (listener) => void (tellActivity = listener),
    onBackgroundOutput: (listener) => void (reportBackgroundOutput = listener),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    closed,
    async close() {
      await closeShell(pty)
      await closed
    },
  }
  const started = enter('').then((outcome) =>
    outcome.kind === 'completed' ? undefined : new Promise<void>(() => undefined),
  )
  return {shell, started, refused: new Promise(() => undefined), startOutput: () => startOutput.toString('utf8')}
}

/** Where a process is; undefined where the system does not say so. */
function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
