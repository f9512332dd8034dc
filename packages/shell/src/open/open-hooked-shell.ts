import {join} from 'node:path'

import type {RunEvent} from '@holdfast/run-completion'

import type {HookedShell} from '../hooks/hooked-shell.ts'
import {readProcessStat} from '../process-stat.ts'
import type {PtyOptions} from '../pty/pty.ts'
import {createPtyInput} from '../run/pty-input.ts'
import type {RunShell} from '../run/run-shell.ts'
import {createRun, type Run} from '../run/run.ts'
import {ShellError} from '../shell-error.ts'
import type {Shell} from '../shell.ts'
import type {OpenedShell} from './opened-shell.ts'
import {openShellTerminal} from './shell-terminal.ts'

const MAX_INPUT_BYTES = 1_048_576
/** A prompt not seen by then is printed elsewhere. */
const PROMPT_MS = 300
const NO_GROUP = 0

export interface HookedShellOptions extends Omit<PtyOptions, 'onData'> {
  path: string
  hooked: HookedShell
  /** The folder of the hook's files. */
  folder: string
}

/** Opens a shell with hooks, on a PTY of its own. */
export function openHookedShell(options: HookedShellOptions): OpenedShell {
  const {path, hooked, folder, ...ptyOptions} = options
  const tracker = hooked.createTracker()
  const started = Promise.withResolvers<'ready' | 'unhookable'>()
  let cwd: string | undefined
  let isReady = false
  let current: Run | undefined
  let assuming: NodeJS.Timeout | undefined
  let image: string | undefined

  const terminal = openShellTerminal({
    ...ptyOptions,
    program: path,
    args: hooked.args,
    onData(data) {
      tracker.feed(data).forEach(take)
      watchPrompt()
    },
    onPromptDrawn: () => tracker.notePromptDrawn().forEach(take),
    onExit(exit) {
      tracker.flush().forEach(take)
      input.close()
      clearTimeout(assuming)
      current?.exit(exit)
    },
    answer: (bytes) => input.send(bytes),
    running: () => current,
  })
  const {pty} = terminal
  const input = createPtyInput(pty, hooked, join(folder, 'text'), () => tracker.noteTyping().forEach(take))

  function assumePrompt(): void {
    tracker.assumePrompt()
    take({kind: 'ready', prompt: 'command'})
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
    if (event.kind === 'end') cwd = event.cwd
    if (event.kind === 'unhooked') started.resolve('unhookable')
    if (event.kind !== 'output' && event.kind !== 'synced') {
      isReady = event.kind === 'ready' && event.prompt === 'command'
      if (event.kind === 'start' || event.kind === 'incomplete') input.noteTaken()
    }
    if (isReady) {
      image ??= readProcessStat(pty.pid)?.image
      started.resolve('ready')
    }
    clearTimeout(assuming)
    if (event.kind === 'end' && hooked.acceptsUnprompted) assuming = setTimeout(assumePrompt, PROMPT_MS)
    current?.take(event)
  }

  const shell: Shell = {
    ...terminal.methods,
    path,
    strategy: 'hooks',
    get cwd() {
      return cwd ?? ptyOptions.cwd
    },
    async run(command, runOptions = {}) {
      terminal.expectOpen()
      if (current) throw new ShellError('busy', 'the shell runs another command: wait for its outcome')
      expectTypable(command, hooked)
      const run = (current = createRun(hooked.takesTextFile ? [command] : command.split('\n'), runOptions, runShell))
      terminal.beginRun()
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
        watchPrompt()
      }
    },
    input(data) {
      const bytes = Buffer.from(data)
      const unread = input.waitingBytes + (current?.waitingBytes ?? 0) + bytes.length
      if (unread > MAX_INPUT_BYTES) {
        const message = `${unread} bytes of input are unread, more than ${MAX_INPUT_BYTES}: wait until the program reads`
        throw new ShellError('input-overflow', message)
      }
      terminal.noteInput()
      current?.input(bytes)
    },
    interrupt: () => current?.interrupt(),
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
