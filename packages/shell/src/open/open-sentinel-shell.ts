import {createPromptRemover, RunCompletionCoordinator} from '@holdfast/run-completion'

import type {Completer} from '../complete/completer.ts'
import {createAnswerWatch} from '../activity/input-obstacle.ts'
import {createJobWatch} from '../activity/terminal-jobs.ts'
import {terminalOf, waitReasonOfProcess} from '../activity/terminal-wait.ts'
import {groupIfNeeded, groupPosix} from '../hooks/command-stdio.ts'
import {createInterrupter} from '../interrupt/interrupter.ts'
import {signalForeground} from '../interrupt/signal-foreground.ts'
import {isWaiting, readProcessStat, readProcLink} from '../process-stat.ts'
import type {PtyOptions} from '../pty/pty.ts'
import {BUSY_MS} from '../run/run-shell.ts'
import {ShellError} from '../shell-error.ts'
import type {RunOptions, RunOutcome, Shell} from '../shell.ts'
import type {OpenedShell} from './opened-shell.ts'
import {openShellTerminal} from './shell-terminal.ts'
import {createWithheldWatch} from './withheld-watch.ts'

/** The longest wait; it is repeated until the run ends. */
const MAX_WAIT_MS = 2 ** 31 - 1
/** How long an interrupted shell may take to its prompt before the postamble is typed again. */
const TYPE_AGAIN_MS = 250
/** The same for the next times: a shell that has just recorded a Ctrl-C forgets what it gets. */
const RETYPE_MS = 1000
const MAX_TYPED = 5
/** A shell that works on the typed line gets its Ctrl-C this late. */
const MAX_BUSY_MS = 250
const BUSY_CHECK_MS = 10
/** How long the terminal may take to echo what is typed. */
const ECHO_MS = 250

/**
 * Opens a shell without hooks, on a PTY of its own. After each command it types a line that makes the shell print a
 * sentinel. The output contains echo and prompts.
 */
export function openSentinelShell(
  options: Omit<PtyOptions, 'onData'> & {path: string; completer: Completer},
): OpenedShell {
  const {path, completer, ...ptyOptions} = options
  let onOutput: ((data: Uint8Array) => void) | undefined
  let runs = 0
  let interrupt: (() => void) | undefined
  /** Whether output may be the prompt. */
  let isDrawing = true

  const coordinator = new RunCompletionCoordinator({
    appendOutput(data) {
      if (onOutput) onOutput(data)
      else if (runs <= 1) terminal.addStartOutput(data)
      if (interrupt === undefined) reportBackground(isDrawing ? prompt.take(data) : data)
    },
    // At once: what follows in the same bytes is not the output of the run.
    appendRunComplete() {
      endRun()
      return runs
    },
  })
  const terminal = openShellTerminal({
    ...ptyOptions,
    program: path,
    args: ['-i'],
    onData(data) {
      void coordinator.ingestPtyData(data)
      withheld.note()
    },
    onPromptDrawn() {
      // A subshell of the postamble may be starting.
      if (stat() !== undefined && !readsTerminal()) return terminal.watchPrompt()
      isDrawing = false
      jobs.notePromptDrawn()
      reportBackground(prompt.noteDrawn())
    },
    async onExit() {
      withheld.close()
      await coordinator.flushPtyDataOnExit()
      coordinator.resetForExit()
    },
    running: () => interrupt,
    answer: (bytes) => pty.write(bytes),
    asker: () => interrupt ?? (isDrawing ? 'shell' : 'job'),
  })
  const withheld = createWithheldWatch({
    isWithheld: () => coordinator.withholdsOutput,
    isPaused: () => terminal.isPaused,
    release: () => void coordinator.releasePtyData(),
  })
  const {pty} = terminal
  const answers = createAnswerWatch(pty.pid)
  const jobs = createJobWatch(pty.pid)
  const prompt = createPromptRemover(() => jobs.mayExist())
  const stat = () => readProcessStat(pty.pid)
  /** Whether the shell itself waits for a line. */
  const readsTerminal = () => {
    const device = terminalOf(pty.pid)
    return isWaiting(stat()) && device !== undefined && waitReasonOfProcess(pty.pid, device) !== 'otherwise'
  }

  function reportBackground(data: Uint8Array): void {
    if (data.length > 0) terminal.reportBackgroundOutput(data)
  }

  function endRun(): void {
    interrupt = onOutput = undefined
    isDrawing = true
  }

  /** Types the text and the postamble, and waits for the sentinel. The first call, without options, waits for the prompt. */
  async function enter(text: string, runOptions?: RunOptions): Promise<RunOutcome> {
    if (runOptions !== undefined) terminal.beginRun()
    const run = coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: ++runs})
    let isRunning = true
    let isInterrupted = false
    let fault: {error: unknown} | undefined
    let typing: NodeJS.Timeout | undefined
    let echoing: NodeJS.Timeout | undefined
    const typedAt = performance.now()
    const interrupter = createInterrupter({
      pressCtrlC() {
        pty.discard()
        pty.write(Buffer.from('\x03'))
      },
      isRunning: () => isRunning,
      stat,
      kill: (signal) => pty.kill(signal),
    })
    // At Ctrl-C the terminal discards text typed ahead.
    const typeAgain = (typed: number) => {
      const isDue = readsTerminal() && !terminal.isPaused
      if (isDue) pty.write(Buffer.from(run.postamble))
      if (!isDue) typing = setTimeout(typeAgain, TYPE_AGAIN_MS, typed)
      else if (typed < MAX_TYPED) typing = setTimeout(typeAgain, RETYPE_MS, typed + 1)
    }
    const onInterrupt = (interrupt = () => {
      isInterrupted = true
      clearTimeout(typing)
      const busyMs = performance.now() - typedAt
      const isBusy = busyMs < BUSY_MS || (busyMs < MAX_BUSY_MS && stat()?.isSleeping === false)
      if (!isBusy) interrupter.interrupt()
      typing = isBusy ? setTimeout(onInterrupt, BUSY_CHECK_MS) : setTimeout(typeAgain, TYPE_AGAIN_MS, 1)
    })
    onOutput =
      runOptions &&
      ((data) => {
        interrupter.noteOutput(data)
        try {
          if (!fault) runOptions.onOutput?.(data)
        } catch (error) {
          fault = {error}
        }
      })
    try {
      jobs.noteTyping()
      const drawn = prompt.takeAll()
      if (drawn.length > 0) onOutput?.(drawn)
      pty.write(Buffer.from(`${text}${run.postamble}`))
      echoing = setTimeout(() => void coordinator.releaseEcho(), ECHO_MS)
      runOptions?.onStart?.()
      let outcome = await run.wait(MAX_WAIT_MS)
      while (outcome.kind === 'timeout') outcome = await run.wait(MAX_WAIT_MS)
      if (fault) throw fault.error
      if (outcome.kind === 'exited') return {kind: 'exited', ...(await pty.closed)}
      const total = text.trimEnd().split('\n').length
      // At Ctrl-C the terminal discards lines typed ahead.
      const lines = isInterrupted && total > 1 ? {lines: {entered: undefined, total}} : {}
      return {kind: 'completed', exitCode: outcome.exitCode ?? 0, cwd: shell.cwd, ...lines}
    } finally {
      isRunning = false
      if (interrupt === onInterrupt) endRun()
      terminal.endRun()
      terminal.watchPrompt()
      clearTimeout(typing)
      clearTimeout(echoing)
      interrupter.close()
    }
  }

  const shell: Shell = {
    ...terminal.methods,
    path,
    strategy: 'sentinel',
    history: undefined,
    get cwd() {
      return readProcLink(`${pty.pid}/cwd`) ?? ptyOptions.cwd
    },
    async run(command, runOptions = {}) {
      terminal.expectOpen()
      if (interrupt) throw new ShellError('busy', 'the shell runs another command: wait for its outcome')
      const text = groupIfNeeded(command, runOptions, (grouped, stdio) => groupPosix(grouped, {stdin: stdio.stdin}))
      return enter(`${text}\n`, runOptions)
    },
    input(data) {
      terminal.noteInput(Buffer.from(data))
      if (interrupt) pty.write(Buffer.from(data))
      return interrupt !== undefined
    },
    async inputWhen(condition, data) {
      const run = interrupt
      if (run === undefined) return 'not-running'
      const obstacle = await answers.findObstacle(condition)
      if (obstacle !== undefined) return obstacle
      if (run !== interrupt) return 'not-running'
      shell.input(data)
      answers.noteTyped(Buffer.from(data))
      return undefined
    },
    interrupt: () => interrupt?.(),
    signal: (signal) => interrupt !== undefined && signalForeground(stat(), signal),
    expectCompletion: () => completer.expect(),
    complete: (text) => completer.complete(text, {cwd: shell.cwd, isDrawing: () => false}),
    resize: terminal.resize,
  }
  const started = enter('').then((outcome) =>
    outcome.kind === 'completed' ? ('ready' as const) : new Promise<never>(() => undefined),
  )
  return {shell, started, startOutput: terminal.startOutput}
}
