import type {Terminal} from '@xterm/headless'
import type {TerminalSize} from '../terminal-size.ts'
import {loadTerminal} from './load-terminal.ts'
import {createAnswerFinder, createQueryFinder, type Found} from './queries.ts'

export interface QueryResponderOptions {
  size: TerminalSize
  /** Identifies the program that would ask now. An answer is dropped if another one runs by then. @default always the same */
  asker?: () => unknown
  answer: (bytes: Uint8Array) => void
  /** A monotonic clock, ms. @default performance.now */
  now?: () => number
}

/** Each query is answered once: by this terminal, or by the one that has the output while this one is held. */
export interface QueryResponder {
  /** Takes the output of programs, in order. */
  write(data: Uint8Array): void
  /** Takes the input of programs, in which are the answers of another terminal. */
  noteInput(data: Uint8Array): void
  resize(size: TerminalSize): void
  /**
   * From now on, another terminal gets the output and answers the queries in it (`true`), or no longer: then the queries of the
   * last 5 s that it has not answered are answered here, and its answers must not come any more.
   */
  hold(isHeld: boolean): void
  close(): void
}

interface Output {
  data: Uint8Array
  /** The program that asked the queries in this piece, if they are answered here. */
  askedBy?: {asker: unknown}
}

interface Asked extends Found {
  askedBy: {asker: unknown}
  at: number
}

/** A program waits for the answer, so that its query stands near the end of the output. */
const tailBytes = 1024
/** Output that is kept for the terminal: it fills any screen. */
const maxRecentBytes = 65_536
/** The other terminal may never answer a query. Queries older than this, ms, are dropped: no program waits that long. */
const maxWaitMs = 5000
/** The oldest of more queries than this are dropped. */
const maxWaiting = 64
/** The colours that are reported: white on black. */
const colours: Readonly<Record<number, string>> = {10: 'ffff/ffff/ffff', 11: '0000/0000/0000', 12: 'ffff/ffff/ffff'}

/**
 * Answers the queries that programs send to their terminal: cursor position, capabilities, colours. A terminal in memory
 * makes the answers, as the position of the cursor is the most frequent query. The first query loads it, and each query feeds
 * it the output since the last one.
 */
export function createQueryResponder(options: QueryResponderOptions): QueryResponder {
  const {size, asker = () => undefined, answer, now = () => performance.now()} = options
  let recent: Output[] = []
  let recentBytes = 0
  /** What the terminal reads, oldest first. */
  const reading: Output[] = []
  let model: Promise<Terminal> | undefined
  let isClosed = false
  let isHeld = false
  let current = size
  const findQueries = createQueryFinder()
  let findAnswers = createAnswerFinder()
  /** Queries that another terminal has to answer. */
  let waiting: Asked[] = []

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
    const askedBy = reading[0]?.askedBy
    // A late answer would be typed into the next program.
    if (!isClosed && askedBy !== undefined && askedBy.asker === asker()) answer(Buffer.from(text))
  }

  async function ask(): Promise<void> {
    const terminal = await (model ??= load())
    recentBytes = 0
    for (const piece of recent.splice(0)) {
      reading.push(piece)
      terminal.write(piece.data, () => void reading.shift())
    }
  }

  return {
    write(data) {
      const end = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString(
        'latin1',
        Math.max(0, data.length - tailBytes),
      )
      const queries = findQueries(end)
      const askedBy = queries.length > 0 ? {asker: asker()} : undefined
      const isOurs = askedBy !== undefined && !isHeld
      recent.push(isOurs ? {data, askedBy} : {data})
      recentBytes += data.length
      while (recentBytes - recent[0]!.data.length > maxRecentBytes) recentBytes -= recent.shift()!.data.length
      // Without the model there is no answer, as from a terminal that does not know the query.
      if (isOurs) ask().catch(() => undefined)
      else if (askedBy !== undefined)
        waiting = [...waiting, ...queries.map((found) => ({...found, askedBy, at: now()}))].slice(-maxWaiting)
    },
    noteInput(data) {
      if (!isHeld) return
      for (const {kind} of findAnswers(Buffer.from(data).toString('latin1'))) {
        const at = waiting.findIndex((asked) => asked.kind === kind)
        // A terminal answers in order: it will not answer the queries before this one.
        waiting = waiting.slice(at + 1)
      }
    },
    resize(next) {
      current = next
      void model?.then((terminal) => terminal.resize(next.cols, next.rows))
    },
    hold(next) {
      isHeld = next
      findAnswers = createAnswerFinder()
      const oldest = now() - maxWaitMs
      const unanswered = waiting.filter(({at}) => !next && at >= oldest)
      waiting = []
      if (unanswered.length === 0) return
      for (const {text, askedBy} of unanswered) recent.push({data: Buffer.from(text, 'latin1'), askedBy})
      ask().catch(() => undefined)
    },
    close() {
      isClosed = true
      recent = []
      void model?.then((terminal) => terminal.dispose())
    },
  }
}
