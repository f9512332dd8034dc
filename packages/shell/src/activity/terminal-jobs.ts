import {readdirSync} from 'node:fs'

import {readProc, readStatFields} from '../process-stat.ts'

/** Knows whether processes other than a shell may print to its terminal, while the shell itself runs no command. */
export interface JobWatch {
  /** Looks now, while the shell is at its prompt. */
  look(): void
  /** Whether there were jobs at one of the last two looks: one that has ended may have printed in between. */
  mayExist(): boolean
}

/** On a machine with more processes, only the children of the shell are found. */
const MAX_PROCESSES = 5000
/** Processes whose parent has exited are searched at most this often, ms, as that takes some milliseconds. */
const SEARCH_MS = 200

/** Finds nothing where there is no /proc. */
export function createJobWatch(pid: number): JobWatch {
  let [last, before] = [false, false]
  let searchedAt = -Infinity
  let hasOrphans = false

  function searchOrphans(): boolean {
    if (performance.now() - searchedAt < SEARCH_MS) return hasOrphans
    searchedAt = performance.now()
    const terminal = readStatFields(pid)?.[4]
    if (terminal === undefined) return false
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
    const isOther = (each: number) => each !== pid && readStatFields(each)?.[4] === terminal
    return (hasOrphans = pids.length <= MAX_PROCESSES && pids.some(isOther))
  }

  return {
    look() {
      before = last
      last = (readProc(`${pid}/task/${pid}/children`) ?? '') !== '' || searchOrphans()
    },
    mayExist: () => last || before,
  }
}
