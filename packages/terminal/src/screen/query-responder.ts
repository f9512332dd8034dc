import type {Terminal} from '@xterm/headless'
import type {TerminalSize} from '../terminal-size.ts'
import {loadTerminal} from './load-terminal.ts'

export interface QueryResponderOptions {
  size: TerminalSize
  /** Who would ask at this moment: a run, or nobody but the shell. An answer for one who is gone is not given. @default the same always */
  asker?: () => unknown
  answer: (bytes: Uint8Array) => void
}

export interface QueryResponder {
  /** All that is printed, in order. */
  note(data: Uint8Array): void
  resize(size: TerminalSize): void
  /** Whether another one answers. */
  hold(isHeld: boolean): void
  close(): void
}

/** What may ask: device attributes, reports of status and cursor, modes, colours, settings. */
const QUESTION = new RegExp(String.raw`${'\x1b'}(?:\[[?>=]?[\d;]*(?:c|n|\$p)|\](?:4;\d+|1[0-2]);\?|P\$q)`)
/** Who asks waits for the answer, so that a question stands near the end of what was printed. */
const TAIL_BYTES = 1024
/** Sequences are no longer. One may be cut. */
const OVERLAP_BYTES = 16
/** What the model is given, when it is needed: as much as fills any screen. */
const MAX_RECENT_BYTES = 65_536
/** What is in the place of a terminal's own colours: white on black. */
const COLORS: Readonly<Record<number, string>> = {10: 'ffff/ffff/ffff', 11: '0000/0000/0000', 12: 'ffff/ffff/ffff'}

/**
 * Answers programs that ask their terminal: where the cursor is, what it can do, its colours. The answers come from a
 * model of the screen, which is loaded with the first question, and sees what was printed only with the next one.
 */
export function createQueryResponder({size, asker = () => undefined, answer}: QueryResponderOptions): QueryResponder {
  let recent: Uint8Array[] = []
  let recentBytes = 0
  let tail = ''
  let model: Promise<Terminal> | undefined
  let isClosed = false
  let isHeld = false
  let current = size
  let askedBy: unknown

  async function load(): Promise<Terminal> {
    const terminal = await loadTerminal(current)
    terminal.onData((text) => say(text))
    for (const [code, color] of Object.entries(COLORS)) {
      terminal.parser.registerOscHandler(Number(code), (data) => {
        if (data === '?') say(`\x1b]${code};rgb:${color}\x1b\\`)
        return data === '?'
      })
    }
    return terminal
  }

  function say(text: string): void {
    // What is answered too late would be typed for the next one.
    if (!isClosed && !isHeld && askedBy === asker()) answer(Buffer.from(text))
  }

  async function ask(): Promise<void> {
    const terminal = await (model ??= load())
    for (const data of recent.splice(0)) terminal.write(data)
    recentBytes = 0
  }

  return {
    note(data) {
      if (isHeld) return
      recent.push(data)
      recentBytes += data.length
      while (recentBytes - recent[0]!.length > MAX_RECENT_BYTES) recentBytes -= recent.shift()!.length
      const end = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString(
        'latin1',
        Math.max(0, data.length - TAIL_BYTES),
      )
      const text = tail + end
      const isAsked = QUESTION.test(text)
      if (isAsked) {
        askedBy = asker()
        void ask()
      }
      // A question that has been seen is not seen again.
      tail = isAsked ? '' : text.slice(-OVERLAP_BYTES)
    },
    resize(next) {
      current = next
      void model?.then((terminal) => terminal.resize(next.cols, next.rows))
    },
    hold(next) {
      isHeld = next
      // What was asked of another one is not to be answered again.
      tail = ''
      recent = []
      recentBytes = 0
    },
    close() {
      isClosed = true
      recent = []
      void model?.then((terminal) => terminal.dispose())
    },
  }
}
