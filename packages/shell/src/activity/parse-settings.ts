/** How a terminal treats typed text. */
export interface TerminalSettings {
  /** It displays the text. */
  echo: boolean
  /** It passes the text on line by line. */
  isByLine: boolean
  /** Ctrl-V quotes the next key. */
  quotesNext: boolean
  /** Enter arrives as a line feed. */
  translatesEnter: boolean
  /** A line feed of the program also returns the cursor to the first column. */
  translatesOutput: boolean
}

/** Parses the output of `stty -a`. */
export function parseSettings(text: string): TerminalSettings | undefined {
  const settings = new Set(text.split(/[\s;]+/))
  const setting = (name: string) => (settings.has(name) ? true : settings.has(`-${name}`) ? false : undefined)
  const [echo, isByLine] = [setting('echo'), setting('icanon')]
  if (echo === undefined || isByLine === undefined) return undefined
  return {
    echo,
    isByLine,
    quotesNext: setting('iexten') !== false && !/\blnext = <undef>/.test(text),
    translatesEnter: setting('icrnl') !== false,
    translatesOutput: setting('opost') !== false && setting('onlcr') !== false,
  }
}
