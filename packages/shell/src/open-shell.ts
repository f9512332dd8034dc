import {join} from 'node:path'

import type {HookedShell, RunFact} from '@holdfast/run-completion'
import {createQueryResponder} from '@holdfast/terminal'

import {createActivityWatch, type Activity} from './activity.ts'
import {closeShell} from './close-shell.ts'
import {createKeyboard} from './keyboard.ts'
import {lookAtProgram} from './look-at-program.ts'
import {readProcessFacts} from './process-facts.ts'
import {createPromptWatch} from './prompt-watch.ts'
import {startPty, type PtyOptions} from './pty.ts'
import type {RunShell} from './run-shell.ts'
import {createRun, type Run} from './run.ts'
import {ShellError} from './shell-error.ts'
import type {Shell} from './shell.ts'

export interface OpenedShell {
  shell: Shell
  /** The first prompt is there. Never rejects; see `Shell.closed`. */
  started: Promise<void>
  /** The shell cannot be hooked: its start files do not let it. */
  refused: Promise<'refused'>
  /** What the shell's start files have printed, the last 4096 bytes. */
  startOutput(): string
}

const MAX_INPUT_BYTES = 1_048_576
const MAX_START_OUTPUT_BYTES = 4096
/** A prompt that is not drawn by then is drawn where it is not seen. */
const PROMPT_MS = 300
const NO_GROUP = 0

export interface OpenShellOptions extends Omit<PtyOptions, 'onData'> {
  path: string
  /** What is really started, if something stands between; it becomes the shell. */
  launcher?: readonly string[]
  hooked: HookedShell
  /** Where the hook's files are. */
  folder: string
}

/** A hooked shell on a terminal of its own. */
export function openShell(options: OpenShellOptions): OpenedShell {
  const {path, launcher = [], hooked, folder, ...ptyOptions} = options
  const tracker = hooked.createTracker()
  const started = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<'refused'>()
  let startOutput: Buffer = Buffer.alloc(0)
  let cwd: string | undefined
  let isReady = false
  let isOver = false
  let isClosing = false
  let current: Run | undefined
  let reportBackgroundOutput: ((data: Uint8Array) => void) | undefined
  let tellActivity: ((activity: Activity) => void) | undefined
  let waiting: NodeJS.Timeout | undefined
  let image: string | undefined

  const [program, ...args] = [...launcher, path, ...hooked.args]
  const pty = startPty(program!, args, {...ptyOptions, onData})
  const questions = createQueryResponder({
    size: ptyOptions.size,
    asker: () => current,
    answer: (bytes) => keyboard.send(bytes),
  })
  const keyboard = createKeyboard(pty, hooked, join(folder, 'text'), () => tracker.beginTyping().forEach(take))
  const promptWatch = createPromptWatch({
    facts: () => readProcessFacts(pty.pid),
    onDrawn: () => tracker.settle().forEach(take),
  })
  const activityWatch = createActivityWatch({
    look: () => lookAtProgram(pty.pid),
    onActivity: (activity) => tellActivity?.(activity),
  })

  function assumePrompt(): void {
    tracker.assumePrompt()
    take({kind: 'ready', prompt: 'command'})
  }

  function onData(data: Uint8Array): void {
    questions.write(data)
    promptWatch.note()
    activityWatch.note()
    tracker.feed(data).forEach(take)
    watchPrompt()
  }

  function watchPrompt(): void {
    if (current === undefined && isReady && tracker.isDrawing) promptWatch.begin()
  }

  const runShell: RunShell = {
    keyboard,
    get cwd() {
      return shell.cwd
    },
    startsLate: hooked.startsLate,
    probe: hooked.probe,
    cancel: hooked.cancel,
    call: hooked.call,
    mayUnhook: hooked.mayUnhook,
    facts() {
      const facts = readProcessFacts(pty.pid)
      // What its user has put in the shell's place, by `exec`, is a program like any other.
      return facts && image !== undefined && facts.image !== image ? {...facts, group: NO_GROUP} : facts
    },
    kill: (signal) => pty.kill(signal),
  }

  function take(fact: RunFact): void {
    if (fact.kind === 'background-output') return reportBackgroundOutput?.(fact.data)
    if (fact.kind === 'output' && cwd !== undefined && current === undefined) return reportBackgroundOutput?.(fact.data)
    if (fact.kind === 'output' && cwd === undefined) {
      startOutput = Buffer.concat([startOutput, fact.data]).subarray(-MAX_START_OUTPUT_BYTES)
    }
    if (fact.kind === 'end') cwd = fact.cwd
    if (fact.kind === 'unhooked') refused.resolve('refused')
    if (fact.kind !== 'output' && fact.kind !== 'here') {
      isReady = fact.kind === 'ready' && fact.prompt === 'command'
      if (fact.kind === 'start' || fact.kind === 'incomplete') keyboard.taken()
    }
    if (isReady) {
      image ??= readProcessFacts(pty.pid)?.image
      started.resolve()
    }
    clearTimeout(waiting)
    if (fact.kind === 'end' && hooked.takesBlindly) waiting = setTimeout(assumePrompt, PROMPT_MS)
    current?.take(fact)
  }

  const closed = pty.closed.then((exit) => {
    tracker.flush().forEach(take)
    isOver = true
    questions.close()
    keyboard.close()
    promptWatch.end()
    activityWatch.end()
    clearTimeout(waiting)
    current?.exit(exit)
    return exit
  })

  const shell: Shell = {
    pid: pty.pid,
    path,
    strategy: 'hooks',
    get cwd() {
      return cwd ?? ptyOptions.cwd
    },
    async run(command, runOptions = {}) {
      // What is typed at a shell that is gone would be lost without a word.
      if (isOver || isClosing || pty.isGone)
        throw new ShellError('closed', 'Expected a living shell, got one that has ended')
      if (current) throw new ShellError('busy', 'Expected a shell at its prompt, got one that runs a command')
      const untypable = hooked.findUntypable(command)
      if (untypable !== undefined) {
        const code = command.charCodeAt(untypable).toString(16).padStart(2, '0')
        throw new ShellError(
          'untypable',
          `Expected \`command\` to be text that can be typed, got byte 0x${code} at ${untypable}`,
        )
      }
      const run = (current = createRun(
        hooked.enters === 'text' ? [command] : command.split('\n'),
        runOptions,
        runShell,
      ))
      promptWatch.end()
      activityWatch.begin()
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
        activityWatch.end()
        watchPrompt()
      }
    },
    input(data) {
      const bytes = Buffer.from(data)
      const waitingBytes = keyboard.waitingBytes + (current?.waitingBytes ?? 0)
      if (waitingBytes + bytes.length > MAX_INPUT_BYTES) {
        throw new ShellError(
          'input-overflow',
          `Expected at most ${MAX_INPUT_BYTES} bytes of unread input, got ${waitingBytes + bytes.length}`,
        )
      }
      activityWatch.note()
      current?.input(bytes)
    },
    interrupt: () => current?.interrupt(),
    resize(size) {
      pty.resize(size)
      questions.resize(size)
      tracker.drawAgain()
      watchPrompt()
    },
    holdAnswers: (isHeld) => questions.hold(isHeld),
    onActivity: (listener) => void (tellActivity = listener),
    onBackgroundOutput: (listener) => void (reportBackgroundOutput = listener),
    pause: () => {
      if (!isClosing) pty.pause()
    },
    resume: () => pty.resume(),
    closed,
    async close() {
      isClosing = true
      await closeShell(pty)
      await closed
    },
  }
  return {shell, started: started.promise, refused: refused.promise, startOutput: () => startOutput.toString('utf8')}
}
