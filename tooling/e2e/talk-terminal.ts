import {cli, type Home} from './home.ts'
import {openTerminal, type Terminal} from './terminal.ts'

export interface TalkTerminalOptions {
  /** Laid over the environment of the home. */
  env?: Readonly<Record<string, string>>
  /** The command itself, where it stands in a pipe. @default `holdfast talk`, or with these words */
  line?: string
}

/** `holdfast talk` in a real terminal. */
export interface TalkTerminal extends Terminal {
  /** Enters a line at the prompt, and waits until the next one is asked for. */
  enter(line: string): Promise<void>
  /** What stands on the terminal, without what it was asked for. */
  lines(): string[]
  /** All bytes that were written to it, without those of the keeper. */
  written(): string
}

/** Starts it; resolves when a line is asked for. */
export async function openTalk(
  home: Home,
  words: readonly string[] = ['talk'],
  {env = {}, line}: TalkTerminalOptions = {},
): Promise<TalkTerminal> {
  const terminal = await openTerminal({
    ...(line === undefined
      ? {command: process.execPath, args: [cli, ...words]}
      : {command: '/bin/sh', args: ['-c', `hf() { ${process.execPath} ${cli} "$@"; }; ${line}`]}),
    env: {...home.env, ...env},
    cwd: home.project,
  })
  const talk = Object.assign(terminal, {
    async enter(text: string) {
      const asked = prompts(terminal)
      terminal.type(`${text}\r`)
      await terminal.waitFor(() => prompts(terminal) > asked && isAsking(terminal))
    },
    lines: () => terminal.scrollback().split('\n'),
    written: () => terminal.bytes.toString().replaceAll(keeperWords, ''),
  })
  await terminal.waitFor(() => isAsking(terminal))
  return talk
}

const prompt = /^> /gm
// oxlint-disable-next-line no-control-regex -- an escape is what it is about
const keeperWords = /\u001b\]7777;[^\u0007]*\u0007/g

function prompts(terminal: Terminal): number {
  return terminal.scrollback().match(prompt)?.length ?? 0
}

function isAsking(terminal: Terminal): boolean {
  return terminal.scrollback().split('\n').at(-1)?.trimEnd() === '>' && terminal.cursorColumn === 2
}
