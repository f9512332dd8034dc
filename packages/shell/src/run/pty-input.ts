import {mkdirSync, rmdirSync, rmSync, writeFileSync} from 'node:fs'

import {showLine} from '../hooks/encode-line.ts'
import type {HookedShell} from '../hooks/hooked-shell.ts'
import type {Pty} from '../pty/pty.ts'

/** How long a keystroke may take to reach the program that acts on it. */
const ARRIVAL_MS = 50
/** A terminal in line mode passes on no longer line: https://man7.org/linux/man-pages/man3/termios.3.html */
const MAX_LINE_BYTES = 4096

/** Everything that is typed at a shell's PTY: commands, keys for the shell, and the user's input for programs. */
export interface PtyInput {
  /** Types a line for the shell, with Enter. A line that continues an unfinished one is not the first of its command. */
  enter(line: string, options?: {continues?: boolean}): void
  /** The shell has taken the entered line, and everything typed before it. */
  noteTaken(): void
  /** Types Enter alone: the shell answers with an end marker and a new prompt, and keeps its exit status. */
  nudge(): void
  /** Types keys for a line editor, which may not be the shell's. */
  ask(keys: Uint8Array): void
  /** Types bytes for the running program. */
  send(data: Uint8Array): void
  /** Types Ctrl-C. Drops bytes that the PTY has not accepted, as the terminal drops those that it has. */
  pressCtrlC(): void
  /** Keys may be in the line editor: the next line begins by discarding them. */
  noteUnread(): void
  /** Whether programs may have left input unread, which the shell will read. */
  readonly mayBeUnread: boolean
  /** How many bytes the PTY has not accepted. */
  readonly waitingBytes: number
  /** In how many ms everything sent, except lines, has certainly arrived; 0 if it has. */
  arrivesInMs(): number
  /** The shell is gone. */
  close(): void
}

/** `textFile`: where the shell reads a text that is not typed. `onEnter` is called before each line, with what the line editor and a terminal in line mode will show. */
export function createPtyInput(
  pty: Pty,
  hooked: HookedShell,
  textFile: string,
  onEnter: (shown: string, keys: string) => void,
): PtyInput {
  let lastSentAt = -Infinity
  let mayBeUnread = false
  let hasText = false
  let isFlagged = false

  function enter(line: string, {continues = false} = {}): void {
    // Unread input of a program is in the line editor now.
    const {keys, text, shown} = hooked.encodeLine(line, {discard: mayBeUnread, continues})
    if (text !== undefined) writeFileSync(textFile, text, {mode: 0o600})
    hasText = text !== undefined
    onEnter(shown, keys.length > MAX_LINE_BYTES ? '' : showLine(Buffer.from(keys).toString()))
    pty.write(keys)
    mayBeUnread = false
  }

  function setUnreadFlag(): void {
    if (isFlagged || hooked.unreadFlag === undefined) return
    isFlagged = true
    // On a full disk it fails, and the shell reads unread input, as it does without hooks.
    attempt(() => mkdirSync(hooked.unreadFlag!, {mode: 0o700}))
  }

  function clearUnreadFlag(): void {
    if (!isFlagged) return
    isFlagged = false
    // If it fails, the next prompts only take a little longer.
    attempt(() => rmdirSync(hooked.unreadFlag!))
  }

  return {
    enter,
    noteTaken() {
      if (hasText) rmSync(textFile, {force: true})
      hasText = false
      clearUnreadFlag()
    },
    nudge() {
      enter('')
      lastSentAt = performance.now()
    },
    ask: (keys) => pty.write(keys),
    send(data) {
      setUnreadFlag()
      pty.write(data)
      lastSentAt = performance.now()
      mayBeUnread = true
    },
    pressCtrlC() {
      pty.discard()
      pty.write(Buffer.from('\x03'))
      lastSentAt = performance.now()
    },
    noteUnread: () => void (mayBeUnread = true),
    get mayBeUnread() {
      return mayBeUnread
    },
    get waitingBytes() {
      return pty.waitingBytes
    },
    arrivesInMs: () => Math.max(0, lastSentAt + ARRIVAL_MS - performance.now()),
    close: clearUnreadFlag,
  }
}

function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // See the caller.
  }
}
