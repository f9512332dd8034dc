import type {Command} from 'commander'

import {printError} from '../process/print-error.ts'
import {printLines} from '../process/standard-output.ts'
import {isUserError, type UserError} from '../process/user-error.ts'
import {errorEnvelope, resultEnvelope} from './envelope.ts'

/** What a command has to say. */
export interface Answer {
  /** Printed with `--json`. */
  result: Readonly<Record<string, unknown>>
  /** Printed without it. @default nothing */
  lines?: readonly string[]
  /** Why there is less than was asked for: printed without `--json`; the first one sets the exit status. @default none */
  problems?: readonly UserError[]
}

type Action = Parameters<Command['action']>[0]

/**
 * The action of a command that has the `envelopeOption`: does `act`, and prints what it resolves to, as lines or with `--json` in the
 * envelope of all commands.
 */
export function answering(act: (...args: Parameters<Action>) => Promise<Answer>): Action {
  return async (...args) => {
    const command = args.at(-1) as Command
    const {json = false} = command.opts<{json?: true}>()
    const name = command.name()
    try {
      const {result, lines = [], problems = []} = await act(...args)
      if (problems[0] !== undefined) process.exitCode = problems[0].exitCode
      if (!json) problems.forEach(({message}) => printError(message))
      await printLines(json ? [resultEnvelope(name, result)] : lines)
    } catch (error) {
      if (!json || !isUserError(error)) throw error
      process.exitCode = error.exitCode
      await printLines([errorEnvelope(name, error)])
    }
  }
}
