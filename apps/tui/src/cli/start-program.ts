import {CommanderError, type Command} from 'commander'

import {complain} from '../process/complain.ts'
import {findHome} from '../process/find-home.ts'
import {isUserError} from '../process/user-error.ts'

/** Wrong usage, as the shells have it. */
const usageExitCode = 2

/** Does what the command line of this process says. */
export function startProgram(program: Command): void {
  // The processes that we start stand in other folders: there, a relative home would be another one.
  if (process.env['HOLDFAST_HOME']) process.env['HOLDFAST_HOME'] = findHome()

  void program.parseAsync(process.argv).catch((error: unknown) => {
    if (error instanceof CommanderError) {
      // Commander has said it already; its status for wrong usage is 1.
      process.exitCode = error.exitCode === 0 ? 0 : usageExitCode
    } else if (isUserError(error)) {
      complain(error.message)
      process.exitCode = error.exitCode
    } else {
      throw error
    }
  })
}
