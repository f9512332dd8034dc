import type {Terminal} from '@xterm/headless'

export interface TerminalSize {
  cols: number
  rows: number
}

/** Rows above the screen that a model keeps until they are read. */
export const keptRows = 4096

/** No text repeats a character more often, and a model that was asked to would take all memory. */
const maxRepeats = 1000

/** A model of a terminal, loaded with the first one that is needed: that takes some 15 ms, which the first frame has not. */
export async function loadTerminal(size: TerminalSize, options: {convertEol: boolean}): Promise<Terminal> {
  const [{default: xterm}, {default: unicode}] = await Promise.all([
    import('@xterm/headless'),
    import('@xterm/addon-unicode11'),
  ])
  const terminal = new xterm.Terminal({
    ...size,
    ...options,
    scrollback: keptRows,
    allowProposedApi: true,
    logLevel: 'off',
  })
  terminal.loadAddon(new unicode.Unicode11Addon())
  // Characters are as wide as on the terminals of today.
  terminal.unicode.activeVersion = '11'
  terminal.parser.registerCsiHandler({final: 'b'}, ([repeats]) => Number(repeats) > maxRepeats)
  return terminal
}
