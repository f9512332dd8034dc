import type {IMarker, Terminal} from '@xterm/headless'

/** The part of a link that is in one row: the cells from `from` up to `to`. */
export interface LinkSpan {
  from: number
  to: number
  /** Sequences that begin the link in another terminal; `linkEnd` ends it. */
  begin: string
}

/** Knows where a terminal in memory shows links (OSC 8). */
export interface LinkTracker {
  /** The links in a row of the normal screen, from left to right. */
  linksIn(row: number): readonly LinkSpan[]
  /** Rows are rewrapped: forgets the links so far. */
  forget(): void
}

/** https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
export const linkEnd = '\u001b]8;;\u001b\\'

/** What terminals can open. An address with other characters than printable ASCII is no URI. */
const uri = /^(?:https?|ftp|file|mailto|ssh):[\u0021-\u007e]+$/
const maxUriLength = 2083
/** The oldest parts are forgotten. */
const maxParts = 1000

interface Part extends LinkSpan {
  marker: IMarker
  /** A program that has overwritten it since has removed the link. */
  text: string
}

export function trackLinks(terminal: Terminal): LinkTracker {
  const {normal} = terminal.buffer
  const parts: Part[] = []
  let count = 0
  let open: {uri: string; marker: IMarker; column: number} | undefined

  const cursorRow = () => normal.baseY + normal.cursorY
  const textOf = (row: number, from: number, to: number) =>
    normal.getLine(row)?.translateToString(false, from, to) ?? ''
  const close = () => {
    if (open === undefined || open.marker.isDisposed) return (open = undefined)
    const begin = `\u001b]8;id=h${++count};${open.uri}\u001b\\`
    for (let row = open.marker.line; row <= cursorRow(); row++) {
      const from = row === open.marker.line ? open.column : 0
      const to = row === cursorRow() ? normal.cursorX : terminal.cols
      const marker = terminal.registerMarker(row - cursorRow())
      if (to > from && marker !== undefined) parts.push({from, to, begin, marker, text: textOf(row, from, to)})
    }
    parts.splice(0, parts.length - maxParts).forEach(({marker}) => marker.dispose())
    open.marker.dispose()
    open = undefined
  }
  terminal.parser.registerOscHandler(8, (data) => {
    if (terminal.buffer.active.type === 'alternate') return true
    close()
    const target = data.slice(data.indexOf(';') + 1)
    const marker = target.length <= maxUriLength && uri.test(target) ? terminal.registerMarker(0) : undefined
    open = marker && {uri: target, marker, column: normal.cursorX}
    return true
  })

  return {
    linksIn: (row) =>
      parts
        .filter(({marker, from, to, text}) => marker.line === row && textOf(row, from, to) === text)
        .sort((first, second) => first.from - second.from),
    forget() {
      parts.splice(0).forEach(({marker}) => marker.dispose())
      open?.marker.dispose()
      open = undefined
    },
  }
}
