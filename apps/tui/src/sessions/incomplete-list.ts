import {exitStatuses, type FailureCode} from '../process/failure-codes.ts'

/** Whether a list has only what this machine has. */
export interface IncompleteList {
  readonly isIncomplete: boolean
  onIncomplete(failure: FailureCode): void
}

/** For a command that goes on with what this machine has, and then exits with the status of the failure. */
export function failIfIncomplete(): IncompleteList {
  let isIncomplete = false
  return {
    get isIncomplete() {
      return isIncomplete
    },
    onIncomplete(failure) {
      isIncomplete = true
      process.exitCode = exitStatuses[failure]
    },
  }
}
