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

/** Undefined if `stty` fails. */
export async function readTerminalSettings(terminal: string): Promise<TerminalSettings | undefined> {
  const output = await runStty(terminal, ['-a'])
  return output === undefined ? undefined : parseSettings(output)
}

/** Makes a terminal pass on each key at once, and display none, as a line editor does. Also passes on what it holds back. */
export async function passKeysOn(terminal: string): Promise<void> {
  await runStty(terminal, ['-icanon', '-echo', 'min', '1', 'time', '0'])
}

/**
 * Reads or changes the settings of a terminal by `stty`, about 3 ms of work, because Node cannot. Runs it on a PTY, the only
 * way in which this package starts programs. Undefined if that fails.
 */
async function runStty(terminal: string, args: readonly string[]): Promise<string | undefined> {
  let output = ''
  const env = {PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C'}
  try {
    const pty = startPty('stty', ['-F', terminal, ...args], {
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
  return output
}

/** Parses the output of `stty -a`. */
export function parseSettings(text: string): TerminalSettings | undefined {
  const settings = new Set(text.split(/[\s;]+/))
  const setting = (name: string) => (settings.has(name) ? true : settings.has(`-${name}`) ? false : undefined)
  const [echo, isByLine] = [setting('echo'), setting('icanon')]
  if (echo === undefined || isByLine === undefined) return undefined
  return {echo, isByLine, quotesNext: setting('iexten') !== false && !/\blnext = <undef>/.test(text)}
}
