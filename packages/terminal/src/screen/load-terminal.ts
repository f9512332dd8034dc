import type {ITerminalAddon, IUnicodeVersionProvider, Terminal} from '@xterm/headless'

import type {TerminalSize} from '../terminal-size.ts'
import {boundMarks} from './bound-marks.ts'
import {importTerminal} from './import-terminal.ts'

export interface LoadTerminalOptions {
  /** Rows above the screen that the terminal keeps. @default 0 */
  scrollback?: number
  /** A line feed alone starts a line: for output that no terminal made. @default false */
  convertEol?: boolean
}

/** Text does not repeat a character more often; without a bound, `CSI b` could ask for all memory. */
const maxRepeats = 1000

/**
 * Imports xterm.js, which takes some ms. Without this call, the first use of a screen model does: too late for a process whose
 * installed files may have been removed by then.
 */
export async function preloadTerminal(): Promise<void> {
  await importTerminal()
}

/** A terminal in memory. */
export async function loadTerminal(
  size: TerminalSize,
  {scrollback = 0, convertEol = false}: LoadTerminalOptions = {},
): Promise<Terminal> {
  const {xterm, unicode} = await importTerminal()
  const terminal = new xterm.Terminal({...size, scrollback, convertEol, allowProposedApi: true, logLevel: 'off'})
  // The default, Unicode 6, draws emoji one cell wide; terminals of today draw them two cells wide.
  const version = boundMarks(unicodeVersion(new unicode.Unicode11Addon()))
  terminal.unicode.register(version)
  terminal.unicode.activeVersion = version.version
  // A link would keep its address, up to 10 MB, with each of its cells. `trackLinks` knows the links that are read.
  terminal.parser.registerOscHandler(8, () => true)
  terminal.parser.registerCsiHandler({final: 'b'}, ([repeats]) => Number(repeats) > maxRepeats)
  return terminal
}

/** The Unicode version of an addon, which registers it with the terminal that it is loaded into. */
function unicodeVersion(addon: Pick<ITerminalAddon, 'activate'>): IUnicodeVersionProvider {
  let registered: IUnicodeVersionProvider | undefined
  const unicode = {register: (version: IUnicodeVersionProvider) => void (registered = version)}
  addon.activate({unicode} as unknown as Terminal)
  if (registered === undefined) throw new Error('Expected the addon to register a Unicode version')
  return registered
}
