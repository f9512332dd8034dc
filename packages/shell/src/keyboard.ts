import {rmSync, writeFileSync} from 'node:fs'

import {encodeInterrupt, type HookedShell} from '@holdfast/run-completion'

import type {Pty} from './pty.ts'
import {createUnreadMark} from './unread-mark.ts'

/** How long a keystroke may be on its way to the one who acts on it. */
const SETTLE_MS = 50

/** What is typed at a shell's terminal, by us and by its user. */
export interface Keyboard {
  /** A line for the shell, with Enter. A line that continues an unfinished one is not the first of its command. */
  enter(line: string, options?: {continues?: boolean}): void
  /** What was entered has been taken, and all before it. */
  taken(): void
  /** Enter alone: the shell answers an empty line with an end mark and a new prompt, and keeps its status. */
  nudge(): void
  /** A key for a line editor, which may be no shell's. */
  ask(keys: Uint8Array): void
  /** Bytes for the program that runs. */
  send(data: Uint8Array): void
  /** Ctrl-C. What was not taken yet is forgotten, as the terminal itself forgets it. */
  interrupt(): void
  /** Whether the shell may be given what no program has read. */
  readonly hasRest: boolean
  /** Bytes that the terminal did not take yet. */
  readonly waitingBytes: number
  /** In how many ms all that was sent, but for lines, has surely arrived. 0: it has. */
  settlesInMs(): number
  /** The shell is gone. */
  close(): void
}

/** `textFile` is where a shell finds a text that is not typed; `onEnter` is called before each line. */
export function createKeyboard(pty: Pty, hooked: HookedShell, textFile: string, onEnter: () => void): Keyboard {
  let lastSentAt = -Infinity
  let hasRest = false
  let hasText = false
  const unreadMark = createUnreadMark(hooked.unreadMark)

  function enter(line: string, {continues = false} = {}): void {
    // What a program left unread stands in the line editor now.
    const {keys, text} = hooked.encodeLine(line, {discard: hasRest, continues})
    if (text !== undefined) writeFileSync(textFile, text, {mode: 0o600})
    hasText = text !== undefined
    onEnter()
    pty.write(keys)
    hasRest = false
  }

  return {
    enter,
    taken() {
      if (hasText) rmSync(textFile, {force: true})
      hasText = false
      unreadMark.clear()
    },
    nudge() {
      enter('')
      lastSentAt = performance.now()
    },
    ask: (keys) => pty.write(keys),
    send(data) {
      unreadMark.set()
      pty.write(data)
      lastSentAt = performance.now()
      hasRest = true
    },
    interrupt() {
      pty.discard()
      pty.write(encodeInterrupt())
      lastSentAt = performance.now()
    },
    get hasRest() {
      return hasRest
    },
    get waitingBytes() {
      return pty.waitingBytes
    },
    close: () => unreadMark.clear(),
    settlesInMs: () => Math.max(0, lastSentAt + SETTLE_MS - performance.now()),
  }
}
