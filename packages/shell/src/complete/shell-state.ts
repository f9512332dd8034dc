import {rmSync, symlinkSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {openChannel, type Channel} from '../pty/channel.ts'

/** The variables, functions, aliases and completions of a live shell, as its hooks have printed them last. In memory only. */
export interface ShellState {
  /** Script text that makes another shell of the kind have them. Undefined before the first prompt. */
  readonly text: string | undefined
  /**
   * Resolves when `text` is what the shell has printed before its present prompt, which it may be drawing; after a bound, also if
   * that is not known.
   */
  settle(isDrawing: () => boolean): Promise<void>
  /** The shell is printing them. */
  readonly isPrinting: boolean
  /** From now on, the shell prints them before each prompt; otherwise only before its first one. Never throws. */
  watch(): void
  close(): void
}

/** The longest state, bytes. A shell with a longer one does not print it again, as that would take time at each prompt. */
const MAX_STATE_BYTES = 2 * 1024 * 1024

/** The longest wait for the first state of the shell, ms. Hooks that the user has broken print none. */
const FIRST_MS = 2000
/** The longest wait for the prompt and the state before it, ms. */
const REST_MS = 1000
/** Longer than the reader of a terminal gathers bytes, ms. */
const TURN_MS = 2

/** `link`: the path of the link for the hooks. */
export function createShellState(link: string): ShellState {
  let text: string | undefined
  let isWatched = false
  let channel: Channel | undefined
  const first = Promise.withResolvers<void>()
  const unlink = () => rmSync(link, {force: true})
  const close = () => {
    // First: another terminal may get the name of this one.
    unlink()
    channel?.close()
    channel = undefined
    first.resolve()
  }
  try {
    channel = openChannel({
      maxBytes: MAX_STATE_BYTES,
      onMessage(next) {
        text = next
        first.resolve()
        if (!isWatched) unlink()
      },
      onTooLong: close,
    })
    symlinkSync(channel.path, link)
  } catch {
    // Without a terminal more, completions know only what the environment tells.
    first.resolve()
  }
  return {
    get text() {
      return text
    },
    get isPrinting() {
      return channel?.isInMessage === true
    },
    async settle(isDrawing) {
      await Promise.race([first.promise, delay(FIRST_MS, undefined, {ref: false})])
      // The prompt came by another terminal, which may be read before this one.
      const start = performance.now()
      do await delay(TURN_MS)
      while ((isDrawing() || channel?.isInMessage === true) && performance.now() - start < REST_MS)
    },
    watch() {
      if (isWatched || channel === undefined) return
      try {
        unlink()
        symlinkSync(channel.path, link)
        isWatched = true
      } catch {
        // The folder is gone, or the disk is full: completions know the first state only.
      }
    },
    close,
  }
}
