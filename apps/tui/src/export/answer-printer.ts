import {createAgentReader, type AgentLine} from '@holdfast/session-view'

import {paintSixteenColors} from '../theme/themes.ts'
import {createOutputPrinter, createSafePrinter, type EventPrinter} from './event-printer.ts'
import {colourLine} from '../theme/colour-line.ts'

/** Where lines about what an agent does are written: stderr. */
export interface AsideStream {
  write(line: string): void
  isColoured: boolean
  /** It is the terminal that also shows the answer. */
  isTerminalOfAnswer: boolean
}

/**
 * Prints what a coding agent says, and `aside` what it does, but for its questions. A tool between two texts becomes an empty line,
 * where no line about it stands there; the end is a line's end.
 */
export function createAnswerPrinter(
  write: (data: string | Uint8Array) => void,
  stdout: {readonly isTerminal: boolean},
  aside?: AsideStream,
): EventPrinter {
  const agent = createAgentReader()
  let printer: EventPrinter | undefined
  let isAtLineStart = true
  let isCut = false
  const writeText = (data: string | Uint8Array) => {
    write(data)
    const last = data.at(-1)
    isAtLineStart = last === undefined ? isAtLineStart : last === lineFeed || last === '\n'
  }
  const open = (): EventPrinter =>
    stdout.isTerminal
      ? createSafePrinter({write: writeText, colours: false, unfinished: true})
      : createOutputPrinter(writeText, stdout)
  const endLine = () => {
    printer?.flush()
    if (!isAtLineStart) writeText('\n')
  }
  const tell = (lines: readonly AgentLine[]) => {
    if (aside === undefined || lines.length === 0) return
    if (aside.isTerminalOfAnswer) endLine()
    for (const line of lines) aside.write(`${aside.isColoured ? colourLine(line, paintSixteenColors) : line.text}\n`)
  }
  return {
    print(event, wire) {
      tell(agent.read(event).filter(({tone}) => tone !== 'question'))
      if (event.type === 'tool.call') isCut = printer !== undefined
      if (event.type !== 'message.delta') return
      if (isCut) {
        endLine()
        if (aside?.isTerminalOfAnswer !== true) writeText('\n')
      }
      isCut = false
      printer ??= open()
      printer.print(event, wire)
    },
    flush: endLine,
  }
}

const lineFeed = 10
