import {cli, type Home} from './home.ts'
import {openTerminal, type Terminal} from './terminal.ts'

export interface TalkTerminalOptions {
  /** Laid over the environment of the home. */
  env?: Readonly<Record<string, string>>
  /** The command itself, where it stands in a pipe. @default `holdfast talk`, or with these words */
  line?: string
  /** Something runs, so that no line is asked for. */
  isBusy?: boolean
}

/** `holdfast talk` in a real terminal. */
export interface TalkTerminal extends Terminal {
  /** Enters a line, when one is asked for, and waits until the next one is asked for. */
  enter(line: string): Promise<void>
  /** What stands on the terminal, without what it was asked for. */
  lines(): string[]
  /** All bytes that were written to it, without those of the wrapper. */
  written(): string
}

/** Starts it; resolves when a line is asked for. */
export async function openTalk(
  home: Home,
  words: readonly string[] = ['talk'],
  {env = {}, line, isBusy = false}: TalkTerminalOptions = {},
): Promise<TalkTerminal> {
  const terminal = await openTerminal({
    ...(line === undefined
      ? {command: process.execPath, args: [cli, ...words]}
      : {command: '/bin/sh', args: ['-c', `hf() { ${process.execPath} ${cli} "$@"; }; ${line}`]}),
    env: {...home.env, ...env},
    cwd: home.project,
    // So that no line is wrapped.
    cols: 200,
  })
  const talk = Object.assign(terminal, {
    async enter(text: string) {
      await terminal.waitFor(() => isAsking(terminal))
      const asked = prompts(terminal)
      terminal.type(`${text}\r`)
      await terminal.waitFor(() => prompts(terminal) > asked && isAsking(terminal))
    },
    lines: () => terminal.scrollback().split('\n'),
    written: () => terminal.bytes.toString().replaceAll(wrapperMessages, ''),
  })
  if (!isBusy) await terminal.waitFor(() => isAsking(terminal))
  return talk
}

const prompt = /^(?:>|\.\.\.) ?/gm
// oxlint-disable-next-line no-control-regex -- an escape is what it is about
const wrapperMessages = /\u001b\]7777;[^\u0007]*\u0007/g

function prompts(terminal: Terminal): number {
  return terminal.scrollback().match(prompt)?.length ?? 0
}

function isAsking(terminal: Terminal): boolean {
  const last = terminal.scrollback().split('\n').at(-1)?.trimEnd() ?? ''
  return ['>', '...'].includes(last) && terminal.cursorColumn === last.length + 1
}
