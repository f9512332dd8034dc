import {createQueryResponder} from '@holdfast/terminal'

import {createActivityWatch, type Activity} from '../activity/activity-watch.ts'
import {detectActivity} from '../activity/detect-activity.ts'
import {trackProgramModes} from '../activity/program-modes.ts'
import {readTerminalSettings} from '../activity/terminal-settings.ts'
import {terminalOf} from '../activity/terminal-wait.ts'
import {endPrograms} from '../close/end-programs.ts'
import {createShellPrograms} from '../close/shell-programs.ts'
import {untilAtRest} from '../close/until-at-rest.ts'
import {readProcessStat} from '../process-stat.ts'
import {startPty, type Pty, type PtyOptions} from '../pty/pty.ts'
import {ShellError} from '../shell-error.ts'
import type {Shell, ShellExit, Size} from '../shell.ts'
import {createPromptWatch} from './prompt-watch.ts'
import {createQueryAnswers, type Asker} from './query-answers.ts'

export interface ShellTerminalOptions extends PtyOptions {
  program: string
  args: readonly string[]
  /** The program is a shell, and runs others. @default true */
  hasShell?: boolean
  /** The shell has drawn its prompt, and waits. */
  onPromptDrawn(): void
  /** The shell has ended, and all its output was delivered. */
  onExit(exit: ShellExit): void | Promise<void>
  /** The command that runs, another object for each; undefined while the shell is at its prompt. */
  running(): object | undefined
  /** The shell does something before it draws its prompt. @default never */
  isBusy?(): boolean
  /** Types the answer to a query of a program. */
  answer(bytes: Uint8Array): void
  /** Answers to an earlier query are dropped when this has changed. */
  asker(): Asker
}

/** The part of a `Shell` that does not depend on how the end of a command is detected. */
export interface ShellTerminal {
  readonly pty: Pty
  /** Throws `closed` if the shell has ended or is being closed. */
  expectOpen(): void
  beginRun(): void
  endRun(): void
  /** The shell may be drawing a prompt: calls `onPromptDrawn` when it has. */
  watchPrompt(): void
  /** This was typed for the running program. */
  noteInput(data: Uint8Array): void
  reportBackgroundOutput(data: Uint8Array): void
  reportPrompt(printed: Uint8Array): void
  /** Keeps the output of the start files. */
  addStartOutput(data: Uint8Array): void
  startOutput(): string
  resize(size: Size): void
  readonly isPaused: boolean
  readonly methods: Pick<
    Shell,
    | 'pid'
    | 'suppressReplies'
    | 'onActivity'
    | 'onPrompt'
    | 'look'
    | 'onBackgroundOutput'
    | 'pause'
    | 'resume'
    | 'hasPrograms'
    | 'closed'
    | 'close'
  >
}

const MAX_START_OUTPUT_BYTES = 4096

/** Starts the shell on a PTY, answers queries of programs, and watches its prompt and the activity of its programs. */
export function openShellTerminal(options: ShellTerminalOptions): ShellTerminal {
  const {program, args, onData, onPromptDrawn, onExit, running, answer, asker, ...ptyRest} = options
  const {isBusy = () => false, hasShell = true, ...ptyOptions} = ptyRest
  let startOutput: Buffer = Buffer.alloc(0)
  let isOver = false
  let isClosing = false
  let isPaused = false
  let backgroundListener: ((data: Uint8Array) => void) | undefined
  let promptListener: ((printed: Uint8Array) => void) | undefined
  /** Of the shell, before its first command, which may replace it. */
  let image: string | undefined
  let activityListener: ((activity: Activity) => void) | undefined

  const pty = startPty(program, args, {
    ...ptyOptions,
    onData(data) {
      queries.write(data)
      promptWatch.note()
      onData(data)
      // After the markers in it: a program that has just begun may already have taken the screen.
      const wasFullScreen = modes.isFullScreen
      modes.track(data)
      activityWatch.noteOutput(data)
      if (modes.isFullScreen !== wasFullScreen) activityWatch.noteFullScreen(modes.isFullScreen)
    },
  })
  const stat = () => readProcessStat(pty.pid)
  const answers = createQueryAnswers({
    asker,
    async isByLine() {
      const path = terminalOf(pty.pid)
      return path === undefined ? undefined : (await readTerminalSettings(path))?.isByLine
    },
    stat,
    isPaused: () => isPaused,
    type: answer,
  })
  const queries = createQueryResponder({size: ptyOptions.size, answer: answers.take, asker})
  const promptWatch = createPromptWatch({stat, isBusy, onDrawn: onPromptDrawn})
  const modes = trackProgramModes()
  const activityWatch = createActivityWatch({
    detect: (isThorough) => detectActivity({shell: {pid: pty.pid, image}, modes, running, isThorough}),
    onActivity: (activity) => activityListener?.(activity),
  })

  const programs = createShellPrograms(pty.pid)
  void pty.exited.then(programs.noteExit)
  const closed = pty.closed.then(async (exit) => {
    isOver = true
    queries.close()
    answers.close()
    promptWatch.end()
    activityWatch.end()
    await onExit(exit)
    return exit
  })

  return {
    pty,
    expectOpen() {
      // Text typed at a shell that is gone would be lost silently.
      if (isOver || isClosing || pty.isGone) throw new ShellError('closed', 'the shell has ended: start another one')
    },
    beginRun() {
      promptWatch.end()
      modes.clear()
      if (hasShell) image ??= stat()?.image
      activityWatch.begin()
    },
    endRun: () => activityWatch.end(),
    watchPrompt: () => promptWatch.begin(),
    noteInput(data) {
      queries.noteInput(data)
      activityWatch.noteInput()
    },
    reportBackgroundOutput: (data) => backgroundListener?.(data),
    reportPrompt: (printed) => promptListener?.(printed),
    addStartOutput(data) {
      startOutput = Buffer.concat([startOutput, data]).subarray(-MAX_START_OUTPUT_BYTES)
    },
    startOutput: () => startOutput.toString('utf8'),
    resize(size) {
      pty.resize(size)
      queries.resize(size)
    },
    get isPaused() {
      return isPaused
    },
    methods: {
      pid: pty.pid,
      suppressReplies: (isSuppressed) => queries.hold(isSuppressed),
      onActivity: (listener) => void (activityListener = listener),
      onPrompt: (listener) => void (promptListener = listener),
      look: activityWatch.look,
      onBackgroundOutput: (listener) => void (backgroundListener = listener),
      pause() {
        if (isClosing) return
        isPaused = true
        pty.pause()
      },
      resume() {
        isPaused = false
        pty.resume()
      },
      closed,
      hasPrograms: () => programs.find().length > 0,
      async close(closeOptions) {
        isClosing = true
        pty.resume()
        const beforeHangUp = async () => {
          if (running() === undefined) await untilAtRest(pty.pid)
        }
        await endPrograms(pty.pid, programs, {...closeOptions, beforeHangUp})
        await closed
      },
    },
  }
}
