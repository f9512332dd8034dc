import {constants} from 'node:os'

import {openProgram, type OpenedProgram, type ShellExit, type Size} from '@holdfast/shell'
import {graces} from '@holdfast/supervisor'

import type {Agent, AgentActivity, PromptOutcome} from './agent.ts'
import {terminalEnvironment} from './terminal-environment.ts'
import {withRpcErrors} from './with-rpc-errors.ts'

export interface ProgramAgentOptions {
  /** A path or a name on `$PATH`, and the arguments. */
  program: readonly string[]
  cwd: string
  size: Size
  /** Variables for the program, in addition to those of this process. */
  env?: Readonly<Record<string, string>>
}

/** Creates an agent whose only prompt, whatever its text, is a program in a terminal of its own. */
export function createProgramAgent({
  program: [file = '', ...args],
  cwd,
  size: firstSize,
  env,
}: ProgramAgentOptions): Agent {
  let size = firstSize
  let program: OpenedProgram | undefined
  let repliesSuppressed = false
  let isInterrupted = false
  let onActivity: ((activity: AgentActivity) => void) | undefined

  return {
    async prompt(_text, {onStart, onOutput}) {
      isInterrupted = false
      program = openProgram(file, args, {cwd, env: terminalEnvironment(env), size, onOutput})
      onStart()
      program.onActivity((activity) => onActivity?.(activity))
      program.suppressReplies(repliesSuppressed)
      return toOutcome(await program.closed, isInterrupted)
    },
    input: (data) => withRpcErrors(() => program?.input(data) ?? false),
    inputWhen: async (condition, data) =>
      program === undefined ? 'not-running' : await program.inputWhen(condition, data),
    look: async () => (await program?.look()) ?? {input: 'none', mayBeSecret: false},
    interrupt() {
      isInterrupted = true
      program?.interrupt()
    },
    signal: (name) => withRpcErrors(() => program?.signal(name) ?? false),
    suppressReplies(isSuppressed) {
      repliesSuppressed = isSuppressed
      program?.suppressReplies(isSuppressed)
    },
    resize(next) {
      size = next
      program?.resize(next)
    },
    onActivity: (listener) => void (onActivity = listener),
    pause: () => program?.pause(),
    resume: () => program?.resume(),
    close: async () => await program?.close(graces.host.programs),
  }
}

/** A signal counts as an exit status, as in a shell. */
function toOutcome({exitCode, signal}: ShellExit, isInterrupted: boolean): PromptOutcome {
  if (signal === undefined) return {status: 'complete', exitCode}
  const code = 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)
  return isInterrupted ? {status: 'interrupted', reason: 'user', exitCode: code} : {status: 'complete', exitCode: code}
}
