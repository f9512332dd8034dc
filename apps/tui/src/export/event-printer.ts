import {decodeOutput, outputText, type LoggedEvent} from '@holdfast/protocol'
import {createPlainOutput, toJsonLine, type PlainOutputOptions} from '@holdfast/terminal'

import {createLineEndRestorer} from './line-end-restorer.ts'

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
    print: (_event, wire) => write(`${toJsonLine(wire as object)}\n`),
    flush() {},
  }
}

export interface OutputPrinterOptions {
  /** Asked when there is something to print. */
  readonly isTerminal: boolean
  /** Prints background output, too. @default false */
  between?: boolean
}

/** Prints the output of programs: unchanged to a terminal, otherwise without the line ends that the PTY added. */
export function createOutputPrinter(
  write: (data: string | Uint8Array) => void,
  options: OutputPrinterOptions,
): EventPrinter {
  const {between = false} = options
  const lineEnds = createLineEndRestorer()
  return {
    print(event) {
      if (event.type === 'message.delta' || (between && event.type === 'background.output')) {
        const {payload} = event
        if (options.isTerminal) write(decodeOutput(payload))
        else if (payload.text !== undefined) write(lineEnds.restore(payload.text))
        else write(Buffer.from(lineEnds.restore(latin1(decodeOutput(payload))), 'latin1'))
      }
    },
    flush() {
      const rest = lineEnds.flush()
      if (rest.length > 0) write(rest)
    },
  }
}

/** One character for each byte. */
function latin1(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
}

/** Prints output as plain text: only colours reach the terminal. */
export function createSafePrinter(options: PlainOutputOptions): SafePrinter {
  const output = createPlainOutput(options)
  return {
    print(event) {
      // An unfinished sequence of one program, such as a title without an end, must not swallow output of the next.
      if (event.type === 'message.start') output.flush()
      if (event.type === 'message.delta' || event.type === 'background.output') output.add(outputText(event.payload))
    },
    flush: output.flush,
    get isAtLineStart() {
      return output.isAtLineStart
    },
  }
}
