import {readFileSync} from 'node:fs'

import xterm from '@xterm/headless'

import {need} from '../../../../tooling/vitest/need.ts'
import type {Home} from '../support/home.ts'
import {pasted} from '../support/key-bytes.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'
import type {Place} from './place.ts'
import {dayEnvironment, oscOutput, oscPrompt, prompt} from './prepare-day.ts'
import type {Shell} from './step.ts'

export interface Size {
  cols: number
  rows: number
}

/** The user's shell under `script`, without Holdfast. */
export interface BareShell extends Place, AsyncDisposable {
  /** Ends the shell; resolves with the output of each command that was entered, in order. */
  leave(): Promise<string[][]>
}

export async function openBareShell(home: Home, shell: Shell, size: Size): Promise<BareShell> {
  const typescript = `${home.temporary}/typescript`
  const terminal = await openTerminal({
    command: need('script'),
    args: ['--quiet', '--command', `${need(shell)} -i`, typescript],
    env: dayEnvironment(home, shell),
    cwd: home.project,
    ...size,
  })
  /** The row of the cursor in the scrollback; undefined while a program has the alternate screen. */
  const cursorRow = () => {
    const {type, baseY, cursorY} = terminal.buffer
    return type === 'normal' ? baseY + cursorY : undefined
  }
  const textAt = (row: number) => terminal.buffer.getLine(row)?.translateToString(true) ?? ''
  const isAtPrompt = () => {
    const row = cursorRow()
    return row !== undefined && terminal.cursorColumn === prompt.length && textAt(row).startsWith(prompt)
  }
  let enteredAt = -1
  const enter = async (text: string, isPasted = false) => {
    for (const line of isPasted ? [text] : text.split('\n')) {
      terminal.type(isPasted ? pasted(line) : line)
      // fish shows nothing of a text that is longer than the screen.
      await terminal.waitFor(() => (isPasted ? !isAtPrompt() : isTyped(terminal, line)))
      enteredAt = cursorRow() ?? -1
      terminal.type('\r')
      await terminal.waitFor(() => (cursorRow() ?? Infinity) > enteredAt)
    }
  }
  await terminal.waitFor(isAtPrompt)
  return {
    terminal,
    enter,
    hasKeys: () => true,
    atPrompt: () => terminal.waitFor(() => isAtPrompt() && (cursorRow() ?? -1) > enteredAt),
    async leave() {
      terminal.type('exit\r')
      await terminal.exited
      return await outputsIn(readFileSync(typescript), size)
    },
    async [Symbol.asyncDispose]() {
      // After a failure, a program may still run.
      for (const {pid} of home.processes()) process.kill(pid, 'SIGKILL')
      await terminal[Symbol.asyncDispose]()
    },
  }
}

/** What stands before the cursor ends with the text. */
function isTyped({buffer, cursorColumn}: Terminal, text: string): boolean {
  const row = buffer.baseY + buffer.cursorY
  const above = buffer.getLine(row - 1)?.translateToString() ?? ''
  const before = buffer.getLine(row)?.translateToString(false, 0, cursorColumn) ?? ''
  return (above + before).endsWith(text.slice(-8))
}

/** What stands between the marks of the shell, as a terminal of this size shows it. */
async function outputsIn(typescript: Buffer, size: Size): Promise<string[][]> {
  const emulator = new xterm.Terminal({...size, scrollback: 100_000, allowProposedApi: true})
  const {buffer, parser} = emulator
  const ranges: {from: number; to: number}[] = []
  let from: number | undefined
  const row = () => buffer.normal.baseY + buffer.normal.cursorY
  parser.registerOscHandler(oscOutput, () => {
    from ??= row()
    return true
  })
  parser.registerOscHandler(oscPrompt, () => {
    if (from !== undefined) ranges.push({from, to: row()})
    from = undefined
    return true
  })
  await new Promise<void>((resolve) => emulator.write(typescript, resolve))
  const outputs = ranges.map(({from: first, to}) => linesBetween(emulator, first, to))
  emulator.dispose()
  return outputs
}

/** Wrapped rows are joined. */
function linesBetween({buffer: {normal}}: xterm.Terminal, from: number, to: number): string[] {
  const lines: string[] = []
  for (let at = from; at < to; at++) {
    const text = normal.getLine(at)?.translateToString(normal.getLine(at + 1)?.isWrapped !== true) ?? ''
    if (normal.getLine(at)?.isWrapped === true && lines.length > 0) lines[lines.length - 1] += text
    else lines.push(text)
  }
  return lines
}
