import type {IFunctionIdentifier, Terminal} from '@xterm/headless'

/** The modes that xterm's serialize addon leaves out. */
export interface TerminalModes {
  /** The sequences that set them in a terminal in its initial state. */
  serialize(): string
  readonly isCursorHidden: boolean
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
  /** xterm runs its own handlers, too. */
  const watch = (id: IFunctionIdentifier, onSequence: (...params: number[]) => void) =>
    parser.registerCsiHandler(id, (params) => {
      onSequence(...params.map(Number))
      return false
    })
  for (const final of ['h', 'l'] as const) {
    watch({prefix: '?', final}, (...modes) => {
      for (const mode of modes) {
        if (mode === cursorVisible) isHidden = final === 'l'
        if (!mouseEncodings.has(mode)) continue
        if (final === 'h') on.add(mode)
        else on.delete(mode)
      }
    })
  }
  watch({intermediates: ' ', final: 'q'}, (style = 0) => (cursorStyle = style === 0 ? '' : `\x1b[${style} q`))
  watch({prefix: '>', final: 'm'}, (resource, value = 0) => {
    if (resource === 4) otherKeys = value === 0 ? '' : `\x1b[>4;${value}m`
  })
  watch({prefix: '>', final: 'u'}, (flags = 0) => {
    // Terminals bound this stack, too.
    if (keyboards.length < 16) keyboards.push(flags)
  })
  watch({prefix: '<', final: 'u'}, (count = 0) => (keyboards = keyboards.slice(0, -(count || 1))))
  parser.registerEscHandler({final: 'c'}, () => {
    reset()
    return false
  })

  return {
    get isCursorHidden() {
      return isHidden
    },
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
