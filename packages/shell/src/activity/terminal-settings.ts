import {runTool} from '../pty/run-tool.ts'
import {parseSettings, type TerminalSettings} from './parse-settings.ts'

/** Undefined if `stty` fails. */
export async function readTerminalSettings(terminal: string): Promise<TerminalSettings | undefined> {
  const output = await runStty(terminal, ['-a'])
  return output === undefined ? undefined : parseSettings(output)
}

/** Makes a terminal pass on each key at once, and display none, as a line editor does. Also passes on what it holds back. */
export async function passKeysOn(terminal: string): Promise<void> {
  await runStty(terminal, ['-icanon', '-echo', 'min', '1', 'time', '0'])
}

/** Reads or changes the settings of a terminal by `stty`. Undefined if that fails. */
async function runStty(terminal: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await runTool('stty', ['-F', terminal, ...args])).output
  } catch {
    return undefined
  }
}
