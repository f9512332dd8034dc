import {existsSync} from 'node:fs'
import {homedir} from 'node:os'

import {startShell, type RunOutcome, type Shell} from '@holdfast/shell'

import type {Agent, PromptOutcome, Size} from './agent.ts'

export interface ShellAgentOptions {
  /** Where the first shell starts. */
  cwd: string
  /** Path of the shell. @default the user's */
  path?: string | undefined
  size: Size
}

/** An agent that is a live shell. A shell that ended is replaced at the next prompt, in the last folder. */
export function createShellAgent(options: ShellAgentOptions): Agent {
  let {cwd, size} = options
  let starting: Promise<Shell> | undefined
  let shell: Shell | undefined
  let isInterrupted = false
  let isClosed = false

  /** The living shell. Twenty callers at once start one. */
  const living = (): Promise<Shell> => {
    starting ??= startShell({
      ...(options.path === undefined ? {} : {path: options.path}),
      cwd: existing(cwd),
      size,
    }).then(
      (started) => {
        shell = started
        shell.resize(size)
        void started.closed.then(() => {
          shell = starting = undefined
        })
        return started
      },
      (error: unknown) => {
        starting = undefined
        throw error
      },
    )
    return starting
  }

  // Begun early, so that the first prompt need not wait for start files. A fault shows again, and is told, at the prompt.
  living().catch(() => undefined)

  return {
    async prompt(text, {onStart, onOutput}) {
      isInterrupted = false
      const current = await living()
      // Ctrl-C while the shell was still starting: there was nothing yet to send it to.
      if (isInterrupted) return {status: 'interrupted', reason: 'user'}
      onStart()
      const outcome = await current.run(text, {onOutput})
      if (outcome.kind === 'completed') cwd = outcome.cwd
      return toPromptOutcome(outcome, isInterrupted)
    },
    input: (data) => shell?.input(data),
    interrupt() {
      isInterrupted = true
      shell?.interrupt()
    },
    resize(next) {
      size = next
      shell?.resize(next)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const last = await starting?.catch(() => undefined)
      await last?.close()
    },
  }
}

/** A folder may be gone since the last run; then the shell starts where its user is at home. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : homedir()
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
    case 'exited': {
      const {exitCode, signal} = outcome
      const how = {...(exitCode === undefined ? {} : {exitCode}), ...(signal === undefined ? {} : {signal})}
      if (signal !== undefined) return {status: 'failed', reason: 'shell-killed', ...how, shellExited: how}
      return {status: 'complete', ...how, shellExited: how}
    }
  }
}
