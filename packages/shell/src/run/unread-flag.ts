import {mkdirSync, rmdirSync} from 'node:fs'

/** Tells a shell that input may be unread, by the flag described at `HookedShell.unreadFlag`. */
export interface UnreadFlag {
  /** Call it before typing for a program. */
  set(): void
  /** Call it when that input was read or discarded, and when the shell is gone. */
  clear(): void
}

/** Without a path, does nothing. */
export function createUnreadFlag(path: string | undefined): UnreadFlag {
  let isSet = false
  return {
    set() {
      if (isSet || path === undefined) return
      isSet = true
      try {
        mkdirSync(path, {mode: 0o700})
      } catch {
        // The folder exists; or the disk is full, and the shell reads unread input, as it does without hooks.
      }
    },
    clear() {
      if (!isSet || path === undefined) return
      isSet = false
      try {
        rmdirSync(path)
      } catch {
        // The next prompts only take a little longer.
      }
    },
  }
}
