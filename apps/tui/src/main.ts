import {CommanderError} from 'commander'

import {createProgram} from './program.ts'
import {UserError} from './user-error.ts'

/** Wrong usage, as the shells have it. */
const usageExitCode = 2

try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already; its status for wrong usage is 1.
    process.exitCode = error.exitCode === 0 ? 0 : usageExitCode
  } else if (error instanceof UserError) {
    process.stderr.write(`holdfast: ${error.message}\n`)
    process.exitCode = error.exitCode
  } else {
    throw error
  }
}
