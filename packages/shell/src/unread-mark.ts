import {mkdirSync, rmdirSync} from 'node:fs'

/** Tells a shell that something may have been typed for a program which has not read it: by a folder, see `HookedShell`. */
export interface UnreadMark {
  /** Before anything is typed for a program. */
  set(): void
  /** All of that was read, or thrown away; or the shell is gone. */
  clear(): void
}

/** Does nothing for a shell that needs no such folder. */
export function createUnreadMark(path: string | undefined): UnreadMark {
  let isSet = false
  return {
    set() {
      if (isSet || path === undefined) return
      isSet = true
      try {
        mkdirSync(path, {mode: 0o700})
      } catch {
        // It is there; or there is no room for it, and the shell gets what no program has read, as by hand.
      }
    },
    clear() {
      if (!isSet || path === undefined) return
      isSet = false
      try {
        rmdirSync(path)
      } catch {
        // Then the next prompts take a little longer.
      }
    },
  }
}
