import {decodeOutput, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'

import {createLineEndRestorer} from './line-ends.ts'

export interface EventPrinter {
  print(event: SessionEvent | UnknownEvent, wire: unknown): void
  flush(): void
}

/** Prints each event as one line, as it is on the wire. */
export function createJsonPrinter(write: (data: string) => void): EventPrinter {
  return {
    print: (_event, wire) => write(`${JSON.stringify(wire)}\n`),
    flush() {},
  }
}

export interface OutputPrinterOptions {
  isTerminal: boolean
  /** Also what was printed between two commands. @default false */
  between?: boolean
}

/** Prints the output that programs made: as it is for a terminal, else without the terminal's own line ends. */
export function createOutputPrinter(
  write: (data: Uint8Array) => void,
  {isTerminal, between = false}: OutputPrinterOptions,
): EventPrinter {
  const lineEnds = createLineEndRestorer()
  return {
    print(event) {
      if (event.type === 'message.delta' || (between && event.type === 'shell.output')) {
        const data = decodeOutput(event.payload)
        write(isTerminal ? data : lineEnds.restore(data))
      }
    },
    flush() {
      const rest = lineEnds.flush()
      if (rest.length > 0) write(rest)
    },
  }
}
