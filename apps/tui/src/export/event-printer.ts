import {decodeOutput, outputText, type LoggedEvent} from '@holdfast/protocol'
import {createPlainOutput, type PlainOutputOptions} from '@holdfast/terminal'

import {createLineEndRestorer} from './line-ends.ts'

export interface EventPrinter {
  print(event: LoggedEvent, wire: unknown): void
  flush(): void
}

export interface SafePrinter {
  print(event: LoggedEvent): void
  flush(): void
  /** What was printed last ended its line. */
  readonly isAtLineStart: boolean
}

/** Prints each event as one line, as it is on the wire. */
export function createJsonPrinter(write: (data: string) => void): EventPrinter {
  return {
    print: (_event, wire) => write(`${JSON.stringify(wire)}\n`),
    flush() {},
  }
}

export interface OutputPrinterOptions {
  /** Asked when there is something to print. */
  readonly isTerminal: boolean
  /** Also what was printed between two commands. @default false */
  between?: boolean
}

/** Prints the output that programs made: as it is for a terminal, else without the terminal's own line ends. */
export function createOutputPrinter(write: (data: Uint8Array) => void, options: OutputPrinterOptions): EventPrinter {
  const {between = false} = options
  const lineEnds = createLineEndRestorer()
  return {
    print(event) {
      if (event.type === 'message.delta' || (between && event.type === 'background.output')) {
        const data = decodeOutput(event.payload)
        write(options.isTerminal ? data : lineEnds.restore(data))
      }
    },
    flush() {
      const rest = lineEnds.flush()
      if (rest.length > 0) write(rest)
    },
  }
}

/** Prints the output that programs made for a person to read: nothing in it does anything to the terminal but colour it. */
export function createSafePrinter(options: PlainOutputOptions): SafePrinter {
  const output = createPlainOutput(options)
  return {
    print(event) {
      // What one program began, such as a title without an end, is not to be read into the next.
      if (event.type === 'message.start') output.flush()
      if (event.type === 'message.delta' || event.type === 'background.output') output.add(outputText(event.payload))
    },
    flush: output.flush,
    get isAtLineStart() {
      return output.isAtLineStart
    },
  }
}
