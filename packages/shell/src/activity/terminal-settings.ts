import {startPty} from '../pty/pty.ts'

/** How a terminal treats typed text. */
export interface TerminalSettings {
  /** It displays the text. */
  echo: boolean
  /** It passes the text on line by line. */
  isByLine: boolean
  /** Ctrl-V quotes the next key. */
  quotesNext: boolean
}

/** A longer time means that the machine hangs. */
const STTY_MS = 2000

/**
 * Reads the settings of a terminal by `stty`, about 3 ms of work, because Node cannot read them. Runs it on a PTY, the only
 * way in which this package starts programs. Undefined if that fails.
 */
export async function readTerminalSettings(terminal: string): Promise<TerminalSettings | undefined> {
  let output = ''
  const env = {PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C'}
  try {
    const pty = startPty('stty', ['-a', '-F', terminal], {
      cwd: '/',
      env,
      size: {cols: 200, rows: 24},
      onData: (data) => (output += Buffer.from(data).toString()),
    })
    const timer = setTimeout(() => pty.kill('SIGKILL'), STTY_MS)
    await pty.closed
    clearTimeout(timer)
  } catch {
    return undefined
  }
  return parseSettings(output)
}

/** Parses the output of `stty -a`. */
export function parseSettings(text: string): TerminalSettings | undefined {
  const settings = new Set(text.split(/[\s;]+/))
  const setting = (name: string) => (settings.has(name) ? true : settings.has(`-${name}`) ? false : undefined)
  const [echo, isByLine] = [setting('echo'), setting('icanon')]
  if (echo === undefined || isByLine === undefined) return undefined
  return {echo, isByLine, quotesNext: setting('iexten') !== false && !/\blnext = <undef>/.test(text)}
}
