import type {Terminal} from '@xterm/headless'
import type {TerminalSize} from '../terminal-size.ts'
import {loadTerminal} from './load-terminal.ts'

export interface QueryResponderOptions {
  size: TerminalSize
  /** Identifies the program that would ask now. An answer is dropped if another one runs by then. @default always the same */
  asker?: () => unknown
  answer: (bytes: Uint8Array) => void
}

export interface QueryResponder {
  /** Takes the output of programs, in order. */
  write(data: Uint8Array): void
  resize(size: TerminalSize): void
  /** While held, another terminal answers. */
  hold(isHeld: boolean): void
  close(): void
}

/** Queries: device attributes, status and cursor reports, modes, colours, settings. */
const query = new RegExp(String.raw`${'\x1b'}(?:\[[?>=]?[\d;]*(?:c|n|\$p)|\](?:4;\d+|1[0-2]);\?|P\$q)`)
/** A program waits for the answer, so that its query stands near the end of the output. */
const tailBytes = 1024
/** The longest query; one may be split between two writes. */
const overlapBytes = 16
/** Output that is kept for the terminal: it fills any screen. */
const maxRecentBytes = 65_536
/** The colours that are reported: white on black. */
const colours: Readonly<Record<number, string>> = {10: 'ffff/ffff/ffff', 11: '0000/0000/0000', 12: 'ffff/ffff/ffff'}

/**
 * Answers the queries that programs send to their terminal: cursor position, capabilities, colours. A terminal in memory
 * makes the answers, as the position of the cursor is the most frequent query. The first query loads it, and each query feeds
 * it the output since the last one.
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
    for (const [code, color] of Object.entries(colours)) {
      terminal.parser.registerOscHandler(Number(code), (data) => {
        if (data === '?') say(`\x1b]${code};rgb:${color}\x1b\\`)
        return data === '?'
      })
    }
    return terminal
  }

  function say(text: string): void {
    // A late answer would be typed into the next program.
    if (!isClosed && !isHeld && askedBy === asker()) answer(Buffer.from(text))
  }

  async function ask(): Promise<void> {
    const terminal = await (model ??= load())
    for (const data of recent.splice(0)) terminal.write(data)
    recentBytes = 0
  }

  return {
    write(data) {
      if (isHeld) return
      recent.push(data)
      recentBytes += data.length
      while (recentBytes - recent[0]!.length > maxRecentBytes) recentBytes -= recent.shift()!.length
      const end = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString(
        'latin1',
        Math.max(0, data.length - tailBytes),
      )
      const text = tail + end
      const isQuery = query.test(text)
      if (isQuery) {
        askedBy = asker()
        // Without the model there is no answer, as from a terminal that does not know the query.
        ask().catch(() => undefined)
      }
      // So that the same query is not found twice.
      tail = isQuery ? '' : text.slice(-overlapBytes)
    },
    resize(next) {
      current = next
      void model?.then((terminal) => terminal.resize(next.cols, next.rows))
    },
    hold(next) {
      isHeld = next
      // Queries that another terminal answered are not answered again.
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
