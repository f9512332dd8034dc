import type {Terminal} from '@xterm/headless'

/** The modes that the model of a terminal does not say itself. */
export interface TerminalModes {
  /** What sets them in a terminal that is as it was at its start. */
  paint(): string
}

/** How a mouse is told, whether the cursor is seen. */
const switches = new Set([1005, 1006, 1015, 1016])
const cursor = 25

/** Reads along what a program switches, from the bytes that a terminal gets. */
export function trackTerminalModes({parser}: Pick<Terminal, 'parser'>): TerminalModes {
  const on = new Set<number>()
  let isHidden = false
  let cursorStyle = ''
  let otherKeys = ''
  let keyboards: number[] = []

  const reset = () => {
    on.clear()
    isHidden = false
    cursorStyle = otherKeys = ''
    keyboards = []
  }
  for (const final of ['h', 'l'] as const) {
    parser.registerCsiHandler({prefix: '?', final}, (modes) => {
      for (const mode of modes.map(Number)) {
        if (mode === cursor) isHidden = final === 'l'
        if (!switches.has(mode)) continue
        if (final === 'h') on.add(mode)
        else on.delete(mode)
      }
      // Not handled: the terminal does its own part.
      return false
    })
  }
  parser.registerCsiHandler({intermediates: ' ', final: 'q'}, ([style]) => {
    cursorStyle = Number(style ?? 0) === 0 ? '' : `\x1b[${Number(style)} q`
    return false
  })
  parser.registerCsiHandler({prefix: '>', final: 'm'}, ([resource, value]) => {
    if (Number(resource) === 4) otherKeys = Number(value ?? 0) === 0 ? '' : `\x1b[>4;${Number(value)}m`
    return false
  })
  parser.registerCsiHandler({prefix: '>', final: 'u'}, ([flags]) => {
    // A terminal keeps only so many, too.
    if (keyboards.length < 16) keyboards.push(Number(flags ?? 0))
    return false
  })
  parser.registerCsiHandler({prefix: '<', final: 'u'}, ([count]) => {
    keyboards = keyboards.slice(0, -(Number(count ?? 0) || 1))
    return false
  })
  parser.registerEscHandler({final: 'c'}, () => {
    reset()
    return false
  })

  return {
    paint: () =>
      [
        ...[...on].map((mode) => `\x1b[?${mode}h`),
        ...keyboards.map((flags) => `\x1b[>${flags}u`),
        otherKeys,
        cursorStyle,
        isHidden ? `\x1b[?${cursor}l` : '',
      ].join(''),
  }
}
