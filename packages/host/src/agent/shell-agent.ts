import {statSync} from 'node:fs'
import {homedir} from 'node:os'

import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {ShellError, startShell, type RunOutcome, type Shell} from '@holdfast/shell'

import type {Agent, AgentActivity, PromptOutcome, PromptWatch, Size} from './agent.ts'

export interface ShellAgentOptions {
  /** Where the first shell starts. */
  cwd: string
  /** Path of the shell. @default the user's */
  path?: string | undefined
  size: Size
}

/** An agent that is a live shell. A shell that ended is replaced at the next prompt, in the last folder. */
export function createShellAgent(options: ShellAgentOptions): Agent {
  const {path} = options
  let {cwd, size} = options
  const closing = new AbortController()
  let starting: Promise<Shell> | undefined
  let shell: Shell | undefined
  let isRunning = false
  /** What was typed for a prompt whose shell still starts; `undefined` where none waits for its shell. */
  let early: Uint8Array[] | undefined
  let isInterrupted = false
  let answersHeld = false
  let tellActivity: ((activity: AgentActivity) => void) | undefined
  let onBackground: ((data: Uint8Array) => void) | undefined

  /** The living shell. However many ask, one is started. */
  const living = (): Promise<Shell> => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }

  const start = async (): Promise<Shell> => {
    const started = await startShell({...(path === undefined ? {} : {path}), cwd, size, signal: closing.signal})
    shell = started
    started.onActivity((activity) => tellActivity?.(activity))
    started.onBackgroundOutput((data) => onBackground?.(data))
    started.resize(size)
    started.holdAnswers(answersHeld)
    void started.closed.then(() => {
      shell = starting = undefined
    })
    return started
  }

  // Begun early, so that the first prompt need not wait for start files. A fault shows again, and is told, at the prompt.
  if (isFolder(cwd)) living().catch(() => undefined)

  const runIn = async (current: Shell, text: string, {onStart, onOutput}: PromptWatch): Promise<PromptOutcome> => {
    // Ctrl-C while the shell was still starting: there was nothing yet to send it to.
    if (isInterrupted) return {status: 'interrupted', reason: 'user'}
    onStart()
    isRunning = true
    const running = current.run(text, {onOutput}).finally(() => (isRunning = false))
    for (const data of early ?? []) current.input(data)
    early = undefined
    const outcome = await running
    if (outcome.kind === 'completed') cwd = outcome.cwd
    return toPromptOutcome(outcome, isInterrupted)
  }

  const runInLiving = async (text: string, watch: PromptWatch): Promise<PromptOutcome> => {
    const current = await living()
    try {
      return await runIn(current, text, watch)
    } catch (error) {
      if (!(error instanceof ShellError && error.code === 'closed') || closing.signal.aborted) throw error
      // It had died at its prompt, and what it left was still being read: nothing was typed into it.
      await current.closed
      return await runIn(await living(), text, watch)
    }
  }

  return {
    async prompt(text, watch) {
      isInterrupted = false
      if (starting === undefined && !isFolder(cwd)) {
        // Nobody meant this prompt for another folder than the one that was shown.
        cwd = homedir()
        return {status: 'failed', reason: 'folder-gone', cwd}
      }
      early = []
      try {
        return await runInLiving(text, watch)
      } finally {
        early = undefined
      }
    },
    input(data) {
      if (early !== undefined) {
        keepEarly(early, data)
        return true
      }
      if (!isRunning || shell === undefined) return false
      try {
        shell.input(data)
      } catch (error) {
        if (!(error instanceof ShellError && error.code === 'input-overflow')) throw error
        throw new RpcError(errorCodes.tooLarge, error.message)
      }
      return true
    },
    interrupt() {
      isInterrupted = true
      shell?.interrupt()
    },
    holdAnswers(isHeld) {
      answersHeld = isHeld
      shell?.holdAnswers(isHeld)
    },
    resize(next) {
      size = next
      shell?.resize(next)
    },
    onActivity: (listener) => void (tellActivity = listener),
    onBackgroundOutput: (listener) => void (onBackground = listener),
    pause: () => shell?.pause(),
    resume: () => shell?.resume(),
    async close() {
      closing.abort()
      const last = await starting?.catch(() => undefined)
      await last?.close()
    },
  }
}

/** What may be typed for a prompt whose shell still starts, bytes; as much as may wait for a program to read it. */
const maxEarlyBytes = 1024 * 1024

function keepEarly(early: Uint8Array[], data: Uint8Array): void {
  const length = early.reduce((sum, {length: kept}) => sum + kept, data.length)
  if (length > maxEarlyBytes) {
    throw new RpcError(errorCodes.tooLarge, `Expected at most ${maxEarlyBytes} bytes of unread input, got ${length}`)
  }
  early.push(data)
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}

function toPromptOutcome(outcome: RunOutcome, isInterrupted: boolean): PromptOutcome {
  switch (outcome.kind) {
    case 'completed': {
      const {exitCode, cwd} = outcome
      if (isInterrupted && exitCode >= 128) return {status: 'interrupted', reason: 'user', exitCode, cwd}
      return {status: 'complete', exitCode, cwd}
    }
    case 'incomplete-input':
      return {status: 'failed', reason: 'incomplete-input'}
    case 'exit-status-unknown':
      return {status: 'complete', reason: 'exit-status-unknown'}
    case 'exited': {
      const {exitCode, signal} = outcome
      const how = {...(exitCode === undefined ? {} : {exitCode}), ...(signal === undefined ? {} : {signal})}
      if (signal !== undefined) return {status: 'failed', reason: 'shell-killed', ...how, shellExited: how}
      return {status: 'complete', ...how, shellExited: how}
    }
  }
}
