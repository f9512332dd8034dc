import {createOutputPrinter, createSafePrinter, type EventPrinter} from './event-printer.ts'

/** Prints what a coding agent says, without its thoughts and tools. A tool between two texts becomes an empty line; the end is a line's end. */
export function createAnswerPrinter(
  write: (data: string | Uint8Array) => void,
  stdout: {readonly isTerminal: boolean},
): EventPrinter {
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
  return {
    print(event, wire) {
      if (event.type === 'tool.call') isCut = printer !== undefined
      if (event.type !== 'message.delta') return
      if (isCut) {
        endLine()
        writeText('\n')
      }
      isCut = false
      printer ??= open()
      printer.print(event, wire)
    },
    flush: endLine,
  }
}

const lineFeed = 10
