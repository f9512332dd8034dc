import {describeAttached, describeElided, describeEnd, wasWithdrawn} from '../describe-end.ts'
import {toPlainLines} from '../to-visible-line.ts'
import {createOutputPrinter, type EventPrinter} from './event-printer.ts'

const lineFeed = 10

/** Prints a session as a person reads it: each prompt, what it printed, how it ended. */
export function createTranscriptPrinter(
  write: (data: string | Uint8Array) => void,
  {isTerminal}: {isTerminal: boolean},
): EventPrinter {
  let isAtLineStart = true
  const output = createOutputPrinter(
    (data) => {
      write(data)
      isAtLineStart = (data.at(-1) ?? lineFeed) === lineFeed
    },
    {isTerminal, between: true},
  )
  const say = (line: string) => {
    output.flush()
    write(`${isAtLineStart ? '' : '\n'}${line}\n`)
    isAtLineStart = true
  }
  return {
    print(event, wire) {
      output.print(event, wire)
      if (event.type === 'message.start') say(`❯ ${toPlainLines(event.payload.text).join('\n')}`)
      if (event.type === 'output.elided' || event.type === 'shell.elided') say(describeElided(event.payload))
      if (event.type === 'message.complete' && !wasWithdrawn(event.payload)) say(describeEnd(event.payload))
      if (event.type === 'attach.end') say(describeAttached(event.payload))
      if (event.type === 'note') say(toPlainLines(event.payload.text).join('\n'))
      if (event.type === 'session.closed') say('The session was closed.')
    },
    flush: output.flush,
  }
}
