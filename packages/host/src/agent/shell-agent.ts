import {statSync} from 'node:fs'
import {homedir} from 'node:os'

import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {isShellError, startShell, type RunOutcome, type Shell, type Size} from '@holdfast/shell'
import {graces} from '@holdfast/supervisor'

import type {Agent, AgentActivity, PromptOutcome, PromptWatch} from './agent.ts'

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

/** Creates an agent that runs prompts in a shell. If the shell exits, the next prompt starts a new one in the last folder. */
export function createShellAgent(options: ShellAgentOptions): Agent {
  const {path, temporary} = options
  // A process of Holdfast that is started in the shell gets a variable of its own.
  const env = {...process.env, ...options.env, HOLDFAST_INSTANCE: undefined}
  let {cwd, size} = options
  const closing = new AbortController()
  let starting: Promise<Shell> | undefined
  let shell: Shell | undefined
  /** Shells that have exited and left programs behind, such as background jobs. */
  let left: Shell[] = []
  let isRunning = false
  /** Input for a prompt whose shell is still starting; `undefined` if no prompt waits for its shell. */
  let earlyInput: Uint8Array[] | undefined
  let isInterrupted = false
  let repliesSuppressed = false
  let onActivity: ((activity: AgentActivity) => void) | undefined
  let onBackgroundOutput: ((data: Uint8Array) => void) | undefined

  /** The running shell; starts one if there is none, once for all callers. */
  const openShell = (): Promise<Shell> => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }

  const start = async (): Promise<Shell> => {
    const started = await startShell({path, cwd, size, env, temporary, signal: closing.signal})
    shell = started
    started.onActivity((activity) => onActivity?.(activity))
    started.onBackgroundOutput((data) => onBackgroundOutput?.(data))
    started.resize(size)
    started.suppressReplies(repliesSuppressed)
    void started.closed.then(() => {
      shell = starting = undefined
      left = [...left, started].filter((one) => one.hasPrograms())
    })
    return started
  }

  // The shell reads its start files before the first prompt comes. If it fails now, the first prompt reports that.
  if (isFolder(cwd)) openShell().catch(() => undefined)

  const runIn = async (current: Shell, text: string, {onStart, onOutput}: PromptWatch): Promise<PromptOutcome> => {
    // Ctrl-C while the shell was still starting.
    if (isInterrupted) return {status: 'interrupted', reason: 'user'}
    onStart()
    isRunning = true
    const run = current.run(text, {onOutput}).finally(() => (isRunning = false))
    for (const data of earlyInput ?? []) current.input(data)
    earlyInput = undefined
    const outcome = await run
    if (outcome.kind === 'completed') cwd = outcome.cwd
    return toPromptOutcome(outcome, isInterrupted)
  }

  const runInShell = async (text: string, watch: PromptWatch): Promise<PromptOutcome> => {
    const current = await openShell()
    try {
      return await runIn(current, text, watch)
    } catch (error) {
      if (!(isShellError(error) && error.code === 'closed') || closing.signal.aborted) throw error
      // The shell had died before it got the command: run that in a new one.
      await current.closed
      return await runIn(await openShell(), text, watch)
    }
  }

  return {
    async prompt(text, watch) {
      isInterrupted = false
      if (starting === undefined && !isFolder(cwd)) {
        // The user meant this prompt for the folder that was shown: do not run it in another one.
        cwd = homedir()
        return {status: 'failed', reason: 'folder-gone', cwd}
      }
      earlyInput = []
      try {
        return await runInShell(text, watch)
      } finally {
        earlyInput = undefined
      }
    },
    input(data) {
      if (earlyInput !== undefined) {
        addTo(earlyInput, data)
        return true
      }
      if (!isRunning || shell === undefined) return false
      try {
        shell.input(data)
      } catch (error) {
        if (!(isShellError(error) && error.code === 'input-overflow')) throw error
        throw new RpcError(errorCodes.tooLarge, error.message)
      }
      return true
    },
    async inputWhen(condition, data) {
      if (!isRunning || shell === undefined) return 'not-running'
      return await shell.inputWhen(condition, data)
    },
    interrupt() {
      isInterrupted = true
      shell?.interrupt()
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
    onBackgroundOutput: (listener) => void (onBackgroundOutput = listener),
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
