import type {Terminal} from '@xterm/headless'

import type {TerminalSize} from '../terminal-size.ts'

export interface LoadTerminalOptions {
  /** Rows above the screen that the terminal keeps. @default 0 */
  scrollback?: number
  /** A line feed alone starts a line: for output that no terminal made. @default false */
  convertEol?: boolean
}

/** Text does not repeat a character more often; without a bound, `CSI b` could ask for all memory. */
const maxRepeats = 1000

/** A terminal in memory. xterm.js is imported by the first call, which takes about 15 ms. */
export async function loadTerminal(
  size: TerminalSize,
  {scrollback = 0, convertEol = false}: LoadTerminalOptions = {},
): Promise<Terminal> {
  const [{default: xterm}, {default: unicode}] = await Promise.all([
    import('@xterm/headless'),
    import('@xterm/addon-unicode11'),
  ])
  const terminal = new xterm.Terminal({...size, scrollback, convertEol, allowProposedApi: true, logLevel: 'off'})
  terminal.loadAddon(new unicode.Unicode11Addon())
  // The default, Unicode 6, draws emoji one cell wide; terminals of today draw them two cells wide.
  terminal.unicode.activeVersion = '11'
  terminal.parser.registerCsiHandler({final: 'b'}, ([repeats]) => Number(repeats) > maxRepeats)
  return terminal
}
