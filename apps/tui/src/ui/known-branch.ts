import {setTimeout as delay} from 'node:timers/promises'

/** The git branch of the session's folder, as it was when a command was started. */
export interface KnownBranch {
  /** The branch of a folder is being read; what is read last counts. `reading` never rejects. */
  read(folder: string, reading: Promise<string | undefined>): void
  /** A command has ended, and may have changed the branch: what was read before it is not the branch any more. */
  commandEnded(): void
  /** The screen leaves the session. */
  forget(): void
  /**
   * The branch of a folder at this moment; `undefined`: nobody knows. While it is being read, the command that starts at this
   * moment may change it: then only a branch that was the same before counts.
   */
  at(folder: string): string | undefined | Promise<string | undefined>
}

export interface KnownBranchOptions {
  onRead: (branch: string | undefined) => void
  /** How long the branch is waited for, ms, and with it what the command prints: the disk may be away. @default 1000 */
  waitMs?: number
}

/** What was read, and of which folder. */
interface Reading {
  folder: string
  branch: string | undefined
}

export function createKnownBranch({onRead, waitMs = 1000}: KnownBranchOptions): KnownBranch {
  let last: Reading | undefined
  /** It was read since the last command has ended. */
  let isCurrent = false
  let pending: Promise<Reading> | undefined

  return {
    read(folder, reading) {
      const mine = reading.then((branch) => {
        const read = {folder, branch}
        if (pending === mine) {
          pending = undefined
          last = read
          isCurrent = true
          onRead(branch)
        }
        return read
      })
      pending = mine
    },
    commandEnded() {
      isCurrent = false
    },
    forget() {
      last = pending = undefined
      isCurrent = false
    },
    at(folder) {
      const before = last?.folder === folder ? last.branch : undefined
      if (isCurrent) return before
      const inTime = pending && Promise.race([pending, delay(waitMs, undefined, {ref: false})])
      return inTime?.then((after) => (after?.folder === folder && after.branch === before ? before : undefined))
    },
  }
}
