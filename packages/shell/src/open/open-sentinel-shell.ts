import {RunCompletionCoordinator} from '@holdfast/run-completion'

import {findObstacle} from '../activity/input-obstacle.ts'
import {createInterrupter} from '../interrupt/interrupter.ts'
import {isForeground, readProcessStat, readProcLink} from '../process-stat.ts'
import type {PtyOptions} from '../pty/pty.ts'
import {ShellError} from '../shell-error.ts'
import type {RunOptions, RunOutcome, Shell} from '../shell.ts'
import type {OpenedShell} from './opened-shell.ts'
import {openShellTerminal} from './shell-terminal.ts'
import {createWithheldWatch} from './withheld-watch.ts'

/** The longest wait; it is repeated until the run ends. */
const MAX_WAIT_MS = 2 ** 31 - 1
/** How long an interrupted shell may take to its prompt before the postamble is typed again. */
const TYPE_AGAIN_MS = 250
/** How long the terminal may take to echo what is typed. */
const ECHO_MS = 250

/**
 * Opens a shell without hooks, on a PTY of its own. After each command it types a line that makes the shell print a
 * sentinel. The output contains echo and prompts.
 */
export function openSentinelShell(options: Omit<PtyOptions, 'onData'> & {path: string}): OpenedShell {
  const {path, ...ptyOptions} = options
  let onOutput: ((data: Uint8Array) => void) | undefined
  let runs = 0
  let interrupt: (() => void) | undefined
  /** Whether output may be the prompt. */
  let isDrawing = true

  const coordinator = new RunCompletionCoordinator({
    appendOutput(data) {
      if (onOutput) onOutput(data)
      else if (runs <= 1) terminal.addStartOutput(data)
      if (interrupt === undefined && !isDrawing) terminal.reportBackgroundOutput(data)
    },
    appendRunComplete: () => runs,
  })
  const terminal = openShellTerminal({
    ...ptyOptions,
    program: path,
    args: ['-i'],
    onData(data) {
      void coordinator.ingestPtyData(data)
      withheld.note()
    },
    onPromptDrawn: () => void (isDrawing = false),
    async onExit() {
      withheld.close()
      await coordinator.flushPtyDataOnExit()
      coordinator.resetForExit()
    },
    answer: (bytes) => pty.write(bytes),
    asker: () => interrupt ?? (isDrawing ? 'shell' : 'job'),
  })
  const withheld = createWithheldWatch({
    isWithheld: () => coordinator.withholdsOutput,
    isPaused: () => terminal.isPaused,
    release: () => void coordinator.releasePtyData(),
  })
  const {pty} = terminal
  const stat = () => readProcessStat(pty.pid)

  /** Types the text and the postamble, and waits for the sentinel. The first call, without options, waits for the prompt. */
  async function enter(text: string, runOptions?: RunOptions): Promise<RunOutcome> {
    if (runOptions !== undefined) terminal.beginRun()
    const run = coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: ++runs})
    let isRunning = true
    let isInterrupted = false
    let fault: {error: unknown} | undefined
    let typing: NodeJS.Timeout | undefined
    let echoing: NodeJS.Timeout | undefined
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
    const typeAgain = () => {
      if (isForeground(stat())) pty.write(Buffer.from(run.postamble))
      else typing = setTimeout(typeAgain, TYPE_AGAIN_MS)
    }
    interrupt = () => {
      isInterrupted = true
      interrupter.interrupt()
      clearTimeout(typing)
      typing = setTimeout(typeAgain, TYPE_AGAIN_MS)
    }
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
      interrupt = onOutput = undefined
      isDrawing = true
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
    get cwd() {
      return readProcLink(`${pty.pid}/cwd`) ?? ptyOptions.cwd
    },
    async run(command, runOptions = {}) {
      terminal.expectOpen()
      if (interrupt) throw new ShellError('busy', 'the shell runs another command: wait for its outcome')
      return enter(`${command}\n`, runOptions)
    },
    input(data) {
      terminal.noteInput()
      if (interrupt) pty.write(Buffer.from(data))
    },
    async inputWhen(condition, data) {
      const run = interrupt
      if (run === undefined) return 'not-running'
      const obstacle = await findObstacle(pty.pid, condition)
      if (obstacle !== undefined) return obstacle
      if (run !== interrupt) return 'not-running'
      shell.input(data)
      return undefined
    },
    interrupt: () => interrupt?.(),
    resize: terminal.resize,
  }
  const started = enter('').then((outcome) =>
    outcome.kind === 'completed' ? ('ready' as const) : new Promise<never>(() => undefined),
  )
  return {shell, started, startOutput: terminal.startOutput}
}
