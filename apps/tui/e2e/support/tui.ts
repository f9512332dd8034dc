import {readFileSync} from 'node:fs'

import type {Home} from './home.ts'
import {openTerminal, type Terminal} from './terminal.ts'

export interface TuiOptions {
  /** Merged into the environment of the home. */
  env?: Readonly<Record<string, string>>
  /** @default the project folder of the home */
  cwd?: string
  /** @default 80 */
  cols?: number
  /** @default 24 */
  rows?: number
  /** Typed at once, before the program can read. */
  typed?: string
}

/** The built TUI in a real terminal. */
export interface Tui extends Terminal {
  /** Types a prompt and submits it. */
  submit(prompt: string): Promise<void>
  /** The same, for a prompt after which the screen may be gone, or the draft filled again. */
  submitLast(prompt: string): Promise<void>
  /** The output of an ended prompt in the transcript, without `remarks`; of the last prompt with this text. */
  outputOf(prompt: string): string[]
  /** The messages about crashes and lost connections, oldest first. */
  remarks(): string[]
}

/** Starts the TUI; resolves when its composer takes keys. */
export async function openTui(home: Home, args: readonly string[] = [], options: TuiOptions = {}): Promise<Tui> {
  const env = {...home.env, ...options.env}
  const {cwd = home.project, cols = 80, rows = 24} = options
  const [command, ...rest] = home.launch(home.project, args)
  const terminal = await openTerminal({command, args: rest, env, cwd, cols, rows})
  if (options.typed !== undefined) terminal.type(options.typed)
  await terminal.waitFor(composer)
  const submitLast = async (prompt: string) => {
    terminal.type(prompt)
    await terminal.waitFor(() => composed(terminal) === prompt)
    terminal.press('enter')
  }
  return Object.assign(terminal, {
    submitLast,
    async submit(prompt: string) {
      await submitLast(prompt)
      await terminal.waitFor(() => composed(terminal) === '')
    },
    outputOf: (prompt: string) => outputOf(terminal.scrollback(), prompt),
    remarks: () =>
      terminal
        .scrollback()
        .match(remark)
        ?.map((text) => text.replaceAll('\n', ' ').trimEnd()) ?? [],
  })
}

/** The lines that a command wrote to a file of the project. */
export function linesOf(home: Home, file: string): string[] {
  const lines = readFileSync(`${home.project}/${file}`, 'utf8').split('\n')
  return lines.slice(0, -1)
}

/** Whether a line is on the screen or in the scrollback: on a busy machine it may have scrolled away already. */
export function shows(tui: Tui, line: string): () => boolean {
  return () => tui.scrollback().split('\n').includes(line)
}

const composer = /^❯/m
/** A sentence, wrapped at words. */
const remark =
  /^The (?:gateway died|connection was lost) \([^]*?(?:restarted|restored|is\sstill\srunning|ended\smeanwhile)\.\n/gm
const endOfRun = /^(?:✓|✗|■)(?: |$)/

/** The draft: the text behind the last prompt sign. */
function composed(terminal: Terminal): string | undefined {
  const line = terminal
    .scrollback()
    .split('\n')
    .findLast((row) => row.startsWith('❯'))
  return line?.slice('❯'.length).trim()
}

/** The lines of the scrollback, without the messages about crashes and lost connections. */
export function linesWithoutRemarks(scrollback: string): string[] {
  return scrollback.replaceAll(remark, '').split('\n')
}

function outputOf(scrollback: string, prompt: string): string[] {
  const lines = linesWithoutRemarks(scrollback)
  const start = lines.findLastIndex((line, at) => line.trim() === `❯ ${prompt}` && at < lines.length - 1)
  const length = lines.slice(start + 1).findIndex((line) => endOfRun.test(line))
  if (start === -1 || length === -1)
    throw new Error(`Expected a run of \`${prompt}\` that has ended, got:\n${scrollback}`)
  return lines.slice(start + 1, start + 1 + length)
}
