import {spawn} from '@lydell/node-pty'
import xterm, {type IBufferCell, type IBufferLine, type Terminal} from '@xterm/headless'

import type {TerminalSize} from '@holdfast/terminal'

import type {Command} from './contender.ts'

/** A program in a PTY, and a terminal in this process, whose screen is looked at after each output. */
export interface BareProgram {
  /** Resolves when the text is on the screen. */
  waitFor(text: string): Promise<void>
  /** The cells of the screen: those side by side that look alike are one span. */
  cells(): Span[][]
  /** Runs `true` in the shell that the program is, and resolves when it has ended. */
  runTrue(): Promise<void>
  close(): Promise<void>
}

interface Span {
  text: string
  style: number[]
}

export function openBareProgram([file, ...args]: Command, size: TerminalSize): BareProgram {
  const terminal = new xterm.Terminal({...size, allowProposedApi: true})
  const pty = spawn(file, args, {...size, encoding: null})
  let look = () => {}
  pty.onData((data) => terminal.write(data, () => look()))
  let runs = 0

  const waitFor = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (!textOf(terminal).includes(text)) return
        look = () => {}
        resolve()
      }
      look()
    })

  return {
    waitFor,
    cells: () => cellsOf(terminal),
    async runTrue() {
      // The echo of the command has another text than its output.
      pty.write(`true; printf 'ran-%s;' ${++runs}\r`)
      await waitFor(`ran-${runs};`)
    },
    async close() {
      const exited = new Promise<void>((resolve) => void pty.onExit(() => resolve()))
      pty.kill('SIGKILL')
      await exited
      terminal.dispose()
    },
  }
}

function linesOf({buffer: {active}, rows}: Terminal): IBufferLine[] {
  return Array.from({length: rows}, (_, row) => active.getLine(active.baseY + row)!)
}

function textOf(terminal: Terminal): string {
  return linesOf(terminal)
    .map((line) => line.translateToString(true))
    .join('\n')
}

function cellsOf(terminal: Terminal): Span[][] {
  const cell = terminal.buffer.active.getNullCell()
  return linesOf(terminal).map((line) => {
    const spans: Span[] = []
    for (let col = 0; col < line.length; col++) {
      line.getCell(col, cell)
      if (cell.getWidth() === 0) continue
      const style = styleOf(cell)
      const last = spans.at(-1)
      if (last !== undefined && last.style.every((part, index) => part === style[index])) last.text += cell.getChars()
      else spans.push({text: cell.getChars(), style})
    }
    return spans
  })
}

function styleOf(cell: IBufferCell): number[] {
  return [
    cell.getFgColorMode(),
    cell.getFgColor(),
    cell.getBgColorMode(),
    cell.getBgColor(),
    cell.isBold(),
    cell.isDim(),
    cell.isItalic(),
    cell.isUnderline(),
    cell.isInverse(),
    cell.isStrikethrough(),
    cell.isInvisible(),
  ]
}
