import {readColorReport, readColorVariable, type TerminalColors} from '../theme/terminal-colors.ts'

/** Asks a terminal for its colours, once. */
export interface ColorQuery {
  /** Sends the query; the terminal must be in raw mode, as it would show the answer. Idempotent. */
  ask(): void
  /** Takes a report of the terminal. */
  take(report: string): void
  /** The answer may still come: another program would read it. */
  readonly isWaiting: boolean
  /** Resolves when it came, or will not come any more. */
  readonly settled: Promise<void>
}

export interface ColorQueryOptions {
  environment: Readonly<Record<string, string | undefined>>
  write: (text: string) => void
  onColors: (colors: TerminalColors) => void
}

/** OSC 11 asks for the background, OSC 10 for the text. Every terminal answers the third: after that, no colour follows. */
const query = '\u001b]11;?\u001b\\\u001b]10;?\u001b\\\u001b[c'
// oxlint-disable-next-line no-control-regex -- control sequences are what this is about
const attributes = /^\u001b\[\?[\d;]*c$/
/** A terminal that has not answered by now is taken to know no such query, ms. A later answer still counts. */
const withinMs = 1000

export function createColorQuery({environment, write, onColors}: ColorQueryOptions): ColorQuery {
  const {promise: settled, resolve} = Promise.withResolvers<void>()
  const colors: Partial<TerminalColors> = {}
  let state: 'new' | 'waiting' | 'settled' = 'new'
  let timer: NodeJS.Timeout | undefined

  const report = () => {
    const {text, background} = colors
    if (background !== undefined) onColors({text, background})
  }
  const settle = () => {
    if (state !== 'waiting') return
    state = 'settled'
    clearTimeout(timer)
    const guessed = colors.background === undefined ? readColorVariable(environment) : undefined
    if (guessed === undefined) report()
    else onColors(guessed)
    resolve()
  }
  return {
    ask() {
      if (state !== 'new') return
      state = 'waiting'
      timer = setTimeout(settle, withinMs)
      write(query)
    },
    take(sequence) {
      const read = readColorReport(sequence)
      if (read !== undefined) {
        colors[read.of] = read.color
        if (state === 'settled') report()
      } else if (attributes.test(sequence)) settle()
    },
    get isWaiting() {
      return state === 'waiting'
    },
    settled,
  }
}
