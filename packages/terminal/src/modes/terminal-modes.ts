import type {Terminal} from '@xterm/headless'

/** The modes that xterm's serialize addon leaves out. */
export interface TerminalModes {
  /** The sequences that set them in a terminal in its initial state. */
  serialize(): string
}

/** Mouse encodings. */
const mouseEncodings = new Set([1005, 1006, 1015, 1016])
const cursorVisible = 25

/** Tracks the modes that a program sets in `terminal`. */
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
        if (mode === cursorVisible) isHidden = final === 'l'
        if (!mouseEncodings.has(mode)) continue
        if (final === 'h') on.add(mode)
        else on.delete(mode)
      }
      // `false`: xterm runs its own handler, too.
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
    // Terminals bound this stack, too.
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
    serialize: () =>
      [
        ...[...on].map((mode) => `\x1b[?${mode}h`),
        ...keyboards.map((flags) => `\x1b[>${flags}u`),
        otherKeys,
        cursorStyle,
        isHidden ? `\x1b[?${cursorVisible}l` : '',
      ].join(''),
  }
}
