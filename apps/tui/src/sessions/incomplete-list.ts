import {printError} from '../process/print-error.ts'
import type {UserError} from '../process/user-error.ts'

/** Whether a list has only what this machine has. */
export interface IncompleteList {
  readonly isIncomplete: boolean
  onIncomplete(problem: UserError): void
}

/** For a command that prints the problem, goes on with what this machine has, and then exits with the status of the problem. */
export function failIfIncomplete(): IncompleteList {
  let isIncomplete = false
  return {
    get isIncomplete() {
      return isIncomplete
    },
    onIncomplete(problem) {
      isIncomplete = true
      printError(problem.message)
      process.exitCode = problem.exitCode
    },
  }
}
