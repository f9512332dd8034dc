import {refuseDebugger} from '@holdfast/supervisor'
import {CommanderError, type Command} from 'commander'

import {endWithLauncher} from '../process/end-with-launcher.ts'
import {printError} from '../process/print-error.ts'
import {exitStatuses} from '../process/failure-codes.ts'
import {findHome} from '../process/find-home.ts'
import {isUserError} from '../process/user-error.ts'

/** Begins this process, whichever program it has, and runs its command line. */
export function startProgram(program: Command): void {
  refuseDebugger()
  endWithLauncher()
  // Child processes have another working directory, so a relative path would name another folder.
  if (process.env['HOLDFAST_HOME']) process.env['HOLDFAST_HOME'] = findHome()

  void program.parseAsync(process.argv).catch((error: unknown) => {
    if (error instanceof CommanderError) {
      // Commander has printed the error; its own exit code for wrong usage is 1.
      process.exitCode = error.exitCode === 0 ? 0 : exitStatuses.usage
    } else if (isUserError(error)) {
      printError(error.message)
      process.exitCode = error.exitCode
    } else {
      throw error
    }
  })
}
