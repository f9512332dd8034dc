import {cli, type Home} from './home.ts'
import {openTerminal, type Terminal} from './terminal.ts'

export interface TalkTerminalOptions {
  /** Merged into the environment of the home. */
  env?: Readonly<Record<string, string>>
  /** The command line, for a pipe. @default `holdfast talk` with `args` */
  line?: string
  /** A command is running, so `talk` asks for no line. */
  isBusy?: boolean
  /** @default 200, so that no line is wrapped */
  cols?: number
}

/** `holdfast talk` in a real terminal. */
export interface TalkTerminal extends Terminal {
  /** Types a line at the prompt, and waits for the next prompt. */
  enter(line: string): Promise<void>
  /** All lines of the terminal, with the scrollback. */
  lines(): string[]
  /** All bytes of the program's output. */
  written(): string
}

/** Starts it; resolves at its first prompt. */
export async function openTalk(
  home: Home,
  args: readonly string[] = ['talk'],
  {env = {}, line, isBusy = false, cols = 200}: TalkTerminalOptions = {},
): Promise<TalkTerminal> {
  const terminal = await openTerminal({
    ...(line === undefined
      ? {command: process.execPath, args: [cli, ...args]}
      : {command: '/bin/sh', args: ['-c', `hf() { ${process.execPath} ${cli} "$@"; }; ${line}`]}),
    env: {...home.env, ...env},
    cwd: home.project,
    cols,
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
// oxlint-disable-next-line no-control-regex -- it looks for escape sequences
const wrapperMessages = /\u001b\]7777;[^\u0007]*\u0007/g

function prompts(terminal: Terminal): number {
  return terminal.scrollback().match(prompt)?.length ?? 0
}

function isAsking(terminal: Terminal): boolean {
  const last = terminal.scrollback().split('\n').at(-1)?.trimEnd() ?? ''
  return ['>', '...'].includes(last) && terminal.cursorColumn === last.length + 1
}
