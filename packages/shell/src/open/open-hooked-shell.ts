import {rmSync} from 'node:fs'
import {join} from 'node:path'

import type {RunEvent} from '@holdfast/run-completion'

import {createAnswerWatch} from '../activity/input-obstacle.ts'
import {createJobEndWatch} from '../activity/job-end-watch.ts'
import {createJobWatch} from '../activity/terminal-jobs.ts'
import type {Completer} from '../complete/completer.ts'
import {createLineReader} from '../activity/line-reading.ts'
import {groupIfNeeded} from '../hooks/command-stdio.ts'
import type {HookedShell, HookedShellName} from '../hooks/hooked-shell.ts'
import {signalForeground} from '../interrupt/signal-foreground.ts'
import {readProcessStat} from '../process-stat.ts'
import {outputArrived} from '../pty/output-arrived.ts'
import type {PtyOptions} from '../pty/pty.ts'
import {createPtyInput} from '../run/pty-input.ts'
import type {Run, RunShell} from '../run/run-shell.ts'
import {createRun} from '../run/run.ts'
import {createSilenceWatch} from '../run/silence-watch.ts'
import {ShellError} from '../shell-error.ts'
import type {Shell} from '../shell.ts'
import type {OpenedShell} from './opened-shell.ts'
import {requireRoom} from './require-room.ts'
import {openShellTerminal} from './shell-terminal.ts'
import {createWithheldWatch} from './withheld-watch.ts'

const NO_GROUP = 0

export interface HookedShellOptions extends Omit<PtyOptions, 'onData'> {
  path: string
  name: HookedShellName
  hooked: HookedShell
  /** The folder of the hook's files, which is removed when the shell has ended. */
  folder: string
  completer: Completer
}

/** Opens a shell with hooks, on a PTY of its own. */
export function openHookedShell(options: HookedShellOptions): OpenedShell {
  const {path, name, hooked, folder, completer, ...ptyOptions} = options
  const tracker = hooked.createTracker(() => jobs.mayExist())
  const started = Promise.withResolvers<'ready' | 'unhookable'>()
  let cwd: string | undefined
  let historyFile: string | undefined
  let isReady = false
  let current: Run | undefined
  let image: string | undefined

  const terminal = openShellTerminal({
    ...ptyOptions,
    program: path,
    args: hooked.args,
    onData(data) {
      startWatch.noteOutput()
      tracker.feed(data).forEach(take)
      withheld.note()
      watchPrompt()
    },
    onPromptDrawn() {
      jobs.notePromptDrawn()
      tracker.notePromptDrawn().forEach(take)
      terminal.reportPrompt(tracker.promptText)
    },
    onExit(exit) {
      tracker.flush().forEach(take)
      input.close()
      startWatch.close()
      jobEnds.end()
      withheld.close()
      // At once: whoever learns of the end may exit.
      rmSync(folder, {recursive: true, force: true})
      current?.exit(exit)
      return completer.close()
    },
    running: () => (current?.isRunning === true ? current : undefined),
    isBusy: () => completer.isReporting,
    answer: (bytes) => input.send(bytes),
    asker() {
      if (current?.isAtPrompt === false) return current
      return tracker.isDrawingPrompt || !jobs.mayExist() ? 'shell' : 'job'
    },
  })
  const {pty} = terminal
  const answers = createAnswerWatch(pty.pid)
  const jobs = createJobWatch(pty.pid)
  const jobEnds = createJobEndWatch(pty.pid, () => {
    if (current !== undefined || !isReady) return
    // The next command waits for the prompt that follows.
    isReady = false
    input.nudge()
  })
  const withheld = createWithheldWatch({
    isWithheld: () => tracker.withholdsOutput,
    isPaused: () => terminal.isPaused,
    release: () => tracker.releaseOutput().forEach(take),
  })
  const lines = createLineReader(pty.pid, hooked.promptReadBytes)
  const startWatch = createSilenceWatch({
    stat: () => readProcessStat(pty.pid),
    readLine: () => lines.read(false),
    isHeldUp: () => terminal.isPaused,
    ask: () => undefined,
    // The start files did not let the hooks be installed.
    onPrompt: () => start('unhookable'),
  })
  const input = createPtyInput(pty, hooked, join(folder, 'text'), (shown, keys) => {
    jobs.noteTyping()
    tracker.noteTyping(shown, keys)
  })

  function start(how: 'ready' | 'unhookable'): void {
    startWatch.close()
    started.resolve(how)
  }

  function assumePrompt(): void {
    tracker.assumePrompt()
    take({kind: 'ready', prompt: 'command'})
  }

  function isDrawing(): boolean {
    return current === undefined && (!isReady || tracker.isDrawingPrompt)
  }

  function watchPrompt(): void {
    if (current === undefined && isReady && tracker.isDrawingPrompt) terminal.watchPrompt()
  }

  const runShell: RunShell = {
    input,
    hooked,
    get cwd() {
      return shell.cwd
    },
    lines,
    get isPaused() {
      return terminal.isPaused
    },
    assumePrompt,
    takeUnmarked: () => tracker.takeUnmarked(),
    stat() {
      const stat = readProcessStat(pty.pid)
      // A program that replaced the shell by `exec` is a program like any other.
      return stat && image !== undefined && stat.image !== image ? {...stat, group: NO_GROUP} : stat
    },
    kill: (signal) => pty.kill(signal),
  }

  function take(event: RunEvent): void {
    if (event.kind === 'background-output') return terminal.reportBackgroundOutput(event.data)
    if (event.kind === 'output' && current === undefined) {
      return cwd === undefined ? terminal.addStartOutput(event.data) : terminal.reportBackgroundOutput(event.data)
    }
    if (event.kind === 'history') return void (historyFile = event.file)
    if (event.kind === 'end') cwd = event.cwd
    if (event.kind === 'unhooked') start('unhookable')
    if (event.kind !== 'output' && event.kind !== 'synced' && event.kind !== 'hooked') {
      isReady = event.kind === 'ready' && event.prompt === 'command'
      if (event.kind === 'start' || event.kind === 'incomplete') input.noteTaken()
    }
    if (isReady) {
      image ??= readProcessStat(pty.pid)?.image
      start('ready')
    }
    current?.take(event)
  }

  const shell: Shell = {
    ...terminal.methods,
    path,
    strategy: 'hooks',
    get cwd() {
      return cwd ?? ptyOptions.cwd
    },
    get history() {
      return historyFile === undefined || name === 'dash' ? undefined : {format: name, path: historyFile}
    },
    async run(command, runOptions = {}) {
      terminal.expectOpen()
      if (current) throw new ShellError('busy', 'the shell runs another command: wait for its outcome')
      expectTypable(command, hooked)
      const text = groupIfNeeded(command, runOptions, hooked.group)
      const run = (current = createRun(hooked.takesTextFile ? [text] : text.split('\n'), runOptions, runShell))
      terminal.beginRun()
      jobEnds.end()
      try {
        if (isReady) run.take({kind: 'ready', prompt: 'command'})
        const outcome = await run.outcome
        if (outcome.kind === 'exit-status-unknown') {
          tracker.assumePrompt()
          isReady = true
        }
        return outcome
      } finally {
        current = undefined
        terminal.endRun()
        if (hooked.tellsJobsLate) jobEnds.begin()
        watchPrompt()
      }
    },
    input(data) {
      const bytes = Buffer.from(data)
      const unread = input.waitingBytes + (current?.waitingBytes ?? 0) + bytes.length
      requireRoom(unread)
      terminal.noteInput(bytes)
      return current?.input(bytes) === true
    },
    async inputWhen(condition, data) {
      const run = current
      const mayType = () => run !== undefined && run === current && run.takesInput
      if (!mayType()) return 'not-running'
      const obstacle = await answers.findObstacle(condition)
      if (obstacle !== undefined) return obstacle
      const reading = await lines.read(false)
      if (reading === 'plain') return 'not-reading'
      // The line editor may be that of a command, or that of the prompt, whose marker has not arrived.
      if (reading === 'editor') await outputArrived()
      if (!mayType()) return 'not-running'
      // The program has not read what was typed before.
      if (input.waitingBytes > 0) return 'not-reading'
      // It may have ended its reading meanwhile, and turned the echo on again: `read -s -t 10` does at its time.
      if (!answers.stillReads(condition)) return 'not-reading'
      shell.input(data)
      answers.noteTyped(Buffer.from(data))
      return undefined
    },
    interrupt: () => current?.interrupt(),
    signal: (signal) => current?.isRunning === true && signalForeground(readProcessStat(pty.pid), signal),
    expectCompletion: () => completer.expect(),
    complete: (text) => completer.complete(text, {cwd: shell.cwd, isDrawing}),
    resize(size) {
      terminal.resize(size)
      tracker.noteResize()
      watchPrompt()
    },
  }
  return {shell, started: started.promise, startOutput: terminal.startOutput}
}

function expectTypable(command: string, hooked: HookedShell): void {
  const at = hooked.findUntypable(command)
  if (at === undefined) return
  const code = command.charCodeAt(at).toString(16).padStart(2, '0')
  throw new ShellError(
    'untypable',
    `the command contains the character 0x${code} at index ${at}, on which the terminal acts: write it as an escape`,
  )
}
