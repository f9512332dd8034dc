import {startPty} from './pty.ts'

/** How a terminal treats what is typed. */
export interface TerminalSettings {
  /** It shows it. */
  echo: boolean
  /** It hands it on line by line. */
  isByLine: boolean
}

/** Longer than that, it takes only on a machine that is stuck. */
const STTY_MS = 2000

/**
 * Asks `stty` for the settings of a terminal: Node has no way to them. It gets a terminal of its own, as everything that is
 * started here; about 3 ms of work. Undefined where that fails.
 */
export async function readTerminalSettings(terminal: string): Promise<TerminalSettings | undefined> {
  let said = ''
  const env = {PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C'}
  try {
    const pty = startPty('stty', ['-a', '-F', terminal], {
      cwd: '/',
      env,
      size: {cols: 200, rows: 24},
      onData: (data) => (said += Buffer.from(data).toString()),
    })
    const timer = setTimeout(() => pty.kill('SIGKILL'), STTY_MS)
    await pty.closed
    clearTimeout(timer)
  } catch {
    return undefined
  }
  return parseSettings(said)
}

/** Reads what `stty -a` says. */
export function parseSettings(text: string): TerminalSettings | undefined {
  const words = new Set(text.split(/[\s;]+/))
  const setting = (name: string) => (words.has(name) ? true : words.has(`-${name}`) ? false : undefined)
  const [echo, isByLine] = [setting('echo'), setting('icanon')]
  return echo === undefined || isByLine === undefined ? undefined : {echo, isByLine}
}
