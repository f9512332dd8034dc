import {randomUUID} from 'node:crypto'

import {maxTerminalOutputBytes, type NewEvent} from '@holdfast/protocol'
import {startProgram, type ShellExit, type Size} from '@holdfast/shell'
import {graces} from '@holdfast/supervisor'
import {toPlainOutput} from '@holdfast/terminal'

import {createBoundedOutput} from '../../output/bounded-output.ts'
import {createOutputTail} from '../../output/output-tail.ts'

export interface HostTerminalOptions {
  command: string
  /** Without, the command is a line for a shell. */
  args: readonly string[] | undefined
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  size: Size
  /** How much of its output the agent gets, bytes. */
  maxBytes: number
  log(event: NewEvent): void
}

/** A command that runs for an agent. */
export interface HostTerminal {
  readonly id: string
  /** The last output, as plain text. */
  output(): {output: string; truncated: boolean; exitStatus?: ShellExit}
  pause(): void
  resume(): void
  readonly exited: Promise<ShellExit>
  /** Ends the command with all that it has started. */
  end(): Promise<void>
}

/** A command is shown on a line or two, characters. */
const maxCommandLength = 4096

/**
 * Nobody can type: a command that reads its input reads the end at once. A program that does not exist is reported by the shell, with
 * 127, as agents know it. Most agents send lines in the syntax of bash.
 *
 * Descriptor 9 keeps the terminal open: a program that closes its output before it exits, as most do, would be hung up.
 */
const runWords = 'exec "$0" "$@" 9<&0 </dev/null'
const runLine = 'exec "$(command -v bash || command -v sh)" -c "$0" 9<&0 </dev/null'

/** Starts a command in a PTY. Its output goes to the log. Throws if there is no such folder, or no PTY left. */
export function startHostTerminal(options: HostTerminalOptions): HostTerminal {
  const {command, args = [], cwd, env, size, maxBytes, log} = options
  const id = randomUUID()
  const tail = createOutputTail(maxBytes)
  const logged = createBoundedOutput({
    maxBytes: maxTerminalOutputBytes,
    onBatch: (batch) => log({type: 'terminal.output', payload: {terminal_id: id, ...batch}}),
    onElided: (bytes) => log({type: 'terminal.elided', payload: {terminal_id: id, bytes}}),
    onFull() {},
  })
  let exitStatus: ShellExit | undefined

  const script = options.args === undefined || args.length === 0 ? runLine : runWords
  const program = startProgram('/bin/sh', ['-c', script, command, ...args], {
    cwd,
    env,
    size,
    onData(data) {
      tail.add(data)
      logged.add(data)
    },
  })
  const shown = [command, ...args].join(' ').slice(0, maxCommandLength)
  log({type: 'terminal.started', payload: {terminal_id: id, command: shown, cwd}})
  const exited = program.closed.then((exit) => {
    exitStatus = exit
    logged.flush()
    const {exitCode: exit_code, signal} = exit
    log({type: 'terminal.exited', payload: {terminal_id: id, exit_code, signal}})
    return exit
  })

  return {
    id,
    output() {
      const {data, elided} = tail.read()
      const output = toPlainOutput(new TextDecoder().decode(data))
      return {output, truncated: elided > 0, ...(exitStatus && {exitStatus})}
    },
    pause: program.pause,
    resume: program.resume,
    exited,
    end: () => program.end(graces.host.programs),
  }
}
