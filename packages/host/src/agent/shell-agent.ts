import {statSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'

import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {
  findShell,
  isShellError,
  startShell,
  type HistoryFile,
  type RunOutcome,
  type Shell,
  type Size,
  openCommandStdin,
  type CommandStdin,
  type RunOptions,
} from '@holdfast/shell'
import {graces} from '@holdfast/supervisor'

import type {Agent, AgentActivity, PromptOutcome, PromptWatch, Reading, ShellExited} from './agent.ts'
import {createSyntaxChecker} from './syntax-checker.ts'
import {terminalEnvironment} from './terminal-environment.ts'
import {withRpcErrors} from './with-rpc-errors.ts'

export interface ShellAgentOptions {
  /** The folder in which the first shell starts. */
  cwd: string
  /** Path of the shell. @default the user's shell */
  path?: string | undefined
  size: Size
  /** Where each shell gets a private folder. @default os.tmpdir() */
  temporary?: string
  /** Variables for the shell, in addition to those of this process. */
  env?: Readonly<Record<string, string>>
}

type CommandStdio = Pick<RunOptions, 'stdin' | 'isPlain'>

/** Creates an agent that runs prompts in a shell. If the shell exits, the next prompt starts a new one in the last folder. */
export function createShellAgent(options: ShellAgentOptions): Agent {
  const {path, temporary} = options
  const env = terminalEnvironment(options.env)
  let {cwd, size} = options
  const closing = new AbortController()
  const checkSyntax = createSyntaxChecker()
  let starting: Promise<Shell> | undefined
  let shell: Shell | undefined
  /** Shells that have exited and left programs behind, such as background jobs. */
  let left: Shell[] = []
  /** The shell in which a prompt runs. */
  let runningIn: Shell | undefined
  /** Shells whose end is told. */
  const told = new WeakSet<Shell>()
  /** Of the shell that has exited last. */
  let lastHistory: HistoryFile | undefined
  /** Input for a prompt whose shell is still starting; `undefined` if no prompt waits for its shell. */
  let earlyInput: Uint8Array[] | undefined
  let isInterrupted = false
  /** The running command got Ctrl-C, and no input afterwards. */
  let isInterruptedLast = false
  let repliesSuppressed = false
  let expectsCompletion = false
  let onActivity: ((activity: AgentActivity) => void) | undefined
  let onShellExited: ((exit: ShellExited) => void) | undefined
  let onBackgroundOutput: ((data: Uint8Array) => void) | undefined
  let onPrompt: ((printed: Uint8Array) => void) | undefined

  /** The running shell; starts one if there is none, once for all callers. */
  const openShell = (): Promise<Shell> => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }

  const tellExit = (of: Shell, exit: ShellExited) => {
    if (told.has(of)) return
    told.add(of)
    onShellExited?.(exit)
  }

  const start = async (): Promise<Shell> => {
    const started = await startShell({path, cwd, size, env, temporary, signal: closing.signal})
    shell = started
    started.onActivity((activity) => onActivity?.(activity))
    started.onBackgroundOutput((data) => onBackgroundOutput?.(data))
    started.onPrompt((printed) => onPrompt?.(printed))
    started.resize(size)
    started.suppressReplies(repliesSuppressed)
    if (expectsCompletion) started.expectCompletion()
    void started.closed.then((exit) => {
      lastHistory = started.history
      shell = starting = undefined
      // A prompt that runs in it tells it as its outcome.
      if (runningIn !== started) tellExit(started, exit)
      left = [...left, started].filter((one) => one.hasPrograms())
    })
    return started
  }

  // The shell reads its start files before the first prompt comes. If it fails now, the first prompt reports that.
  if (isFolder(cwd)) openShell().catch(() => undefined)

  const runIn = async (
    current: Shell,
    text: string,
    {onStart, onOutput}: PromptWatch,
    stdio: CommandStdio,
  ): Promise<PromptOutcome> => {
    const isUnfinished = await checkSyntax(current.path, text)
    // Ctrl-C while the shell was still starting.
    if (isInterrupted) return {status: 'interrupted', reason: 'user'}
    // The shell would run the lines before the one that it does not understand.
    if (isUnfinished !== false) return {status: 'failed', reason: 'incomplete-input'}
    onStart()
    runningIn = current
    const run = current.run(text, {onOutput, ...stdio}).then((ended) => {
      if (ended.kind === 'exited') told.add(current)
      return ended
    })
    for (const data of earlyInput ?? []) current.input(data)
    earlyInput = undefined
    const outcome = await run.finally(() => (runningIn = undefined))
    if (outcome.kind === 'completed') cwd = outcome.cwd
    return {...toPromptOutcome(outcome, isInterrupted), ...(isInterruptedLast && {afterInterrupt: true})}
  }

  const runInShell = async (text: string, watch: PromptWatch, stdio: CommandStdio): Promise<PromptOutcome> => {
    const current = await openShell()
    try {
      return await runIn(current, text, watch, stdio)
    } catch (error) {
      if (!(isShellError(error) && error.code === 'closed') || closing.signal.aborted) throw error
      // The shell had died before it got the command: run that in a new one.
      const exit = await current.closed
      tellExit(current, exit)
      return await runIn(await openShell(), text, watch, stdio)
    }
  }

  return {
    async prompt(text, watch, {stdin, onStdin, isPlain} = {}) {
      isInterrupted = isInterruptedLast = false
      if (starting === undefined && !isFolder(cwd)) {
        // The user meant this prompt for the folder that was shown: do not run it in another one.
        cwd = homedir()
        return {status: 'failed', reason: 'folder-gone', cwd}
      }
      earlyInput = []
      let pipe: CommandStdin | undefined
      try {
        if (stdin === 'pipe') pipe = await openCommandStdin(temporary ?? tmpdir())
        if (pipe !== undefined) onStdin?.(pipe)
        return await runInShell(text, watch, {stdin: stdin === 'none' ? '/dev/null' : pipe?.path, isPlain})
      } finally {
        pipe?.close()
        earlyInput = undefined
      }
    },
    input(data) {
      if (earlyInput !== undefined) {
        addTo(earlyInput, data)
        return true
      }
      if (runningIn === undefined || shell === undefined) return false
      isInterruptedLast = false
      const current = shell
      return withRpcErrors(() => current.input(data))
    },
    async inputWhen(condition, data) {
      if (runningIn === undefined || shell === undefined) return 'not-running'
      const obstacle = await shell.inputWhen(condition, data)
      if (obstacle === undefined) isInterruptedLast = false
      return obstacle
    },
    look: async () => (runningIn !== undefined && shell !== undefined ? await shell.look() : nothing),
    isIncomplete: (text) => checkSyntax(shell?.path ?? findShell(path, process.env), text),
    async complete(text) {
      expectsCompletion = true
      shell?.expectCompletion()
      const current = text === '' ? undefined : (shell ?? (await soon(openShell())))
      if (current === undefined) return {start: 0, candidates: [], common: '', total: 0, is_partial: text !== ''}
      const {isPartial: is_partial, ...completions} = await current.complete(text)
      return {...completions, candidates: [...completions.candidates], is_partial}
    },
    interrupt() {
      isInterrupted = isInterruptedLast = true
      shell?.interrupt()
    },
    signal(name) {
      if (runningIn === undefined) return false
      const current = runningIn
      return withRpcErrors(() => current.signal(name))
    },
    async historyFile() {
      const current = shell ?? (await starting?.catch(() => undefined))
      return current === undefined ? lastHistory : current.history
    },
    suppressReplies(isSuppressed) {
      repliesSuppressed = isSuppressed
      shell?.suppressReplies(isSuppressed)
    },
    resize(next) {
      size = next
      shell?.resize(next)
    },
    onActivity: (listener) => void (onActivity = listener),
    onShellExited: (listener) => void (onShellExited = listener),
    onBackgroundOutput: (listener) => void (onBackgroundOutput = listener),
    onPrompt: (listener) => void (onPrompt = listener),
    pause: () => shell?.pause(),
    resume: () => shell?.resume(),
    async close() {
      closing.abort()
      const last = await starting?.catch(() => undefined)
      const shells = last === undefined ? left : [...left, last]
      await Promise.all(shells.map((one) => one.close(graces.host.programs)))
    },
  }
}

/** The longest wait of a completion for a shell that is starting, ms. */
const startedSoonMs = 300

function soon(starting: Promise<Shell>): Promise<Shell | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, startedSoonMs, undefined))
  // The prompt that needs the shell reports why it does not start.
  return Promise.race([starting.catch(() => undefined), late])
}

/** The bound of input for a prompt whose shell is still starting, bytes; the shell's bound of unread input is the same. */
const maxEarlyBytes = 1024 * 1024

function addTo(earlyInput: Uint8Array[], data: Uint8Array): void {
  const length = earlyInput.reduce((sum, {length: kept}) => sum + kept, data.length)
  if (length > maxEarlyBytes) {
    throw new RpcError(errorCodes.tooLarge, `Expected at most ${maxEarlyBytes} bytes of unread input, got ${length}`)
  }
  earlyInput.push(data)
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}

const nothing: Reading = {input: 'none', mayBeSecret: false}

/** The exit status of what SIGINT ended. */
const interruptedCode = 130

function toPromptOutcome(outcome: RunOutcome, isInterrupted: boolean): PromptOutcome {
  switch (outcome.kind) {
    case 'completed': {
      const {exitCode, cwd, lines} = outcome
      // Between two lines, no command may have been interrupted.
      if (isInterrupted && lines) {
        const status = exitCode >= 128 ? exitCode : interruptedCode
        return {status: 'interrupted', reason: 'user', exitCode: status, lines, cwd}
      }
      if (isInterrupted && exitCode >= 128) return {status: 'interrupted', reason: 'user', exitCode, cwd}
      return {status: 'complete', exitCode, ...(lines && {lines}), cwd}
    }
    case 'incomplete-input':
      return {status: 'failed', reason: 'incomplete-input'}
    case 'exit-status-unknown':
      return {status: 'complete', reason: 'exit-status-unknown'}
    case 'exited': {
      const {exitCode, signal} = outcome
      const shellExited = {exitCode, signal}
      if (signal !== undefined) return {status: 'failed', reason: 'shell-killed', signal, shellExited}
      return {status: 'complete', exitCode, shellExited}
    }
  }
}
