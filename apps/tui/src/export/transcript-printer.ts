import {hasColours, toPlainLine, toPlainLines} from '@holdfast/terminal'
import {
  createAgentReader,
  describeClosed,
  describeElided,
  describeEnd,
  describeMark,
  describeShellExited,
  from,
  lostPart,
  wasWithdrawn,
} from '@holdfast/session-view'

import {paintSixteenColors} from '../theme/themes.ts'
import {createOutputPrinter, createSafePrinter, type EventPrinter} from './event-printer.ts'
import {colourLine} from '../theme/colour-line.ts'

const lineFeed = 10

/**
 * Prints a session for reading: each prompt with its output and result. A terminal gets text and colours, a file or a pipe
 * all bytes. `isLive`: writes an unfinished line at once.
 */
export function createTranscriptPrinter(
  write: (data: string | Uint8Array) => void,
  {isTerminal, isLive}: {isTerminal: boolean; isLive: boolean},
): EventPrinter {
  const isColoured = isTerminal && hasColours()
  const agent = createAgentReader()
  let isAtLineStart = true
  let isLost = false
  const writeOutput = (data: string | Uint8Array) => {
    write(data)
    const last = data.at(-1)
    isAtLineStart = last === undefined || last === lineFeed || last === '\n'
  }
  const output: EventPrinter = isTerminal
    ? createSafePrinter({write: writeOutput, colours: isColoured, unfinished: isLive})
    : createOutputPrinter(writeOutput, {isTerminal, between: true})
  const say = (line: string) => {
    output.flush()
    write(`${isAtLineStart ? '' : '\n'}${line}\n`)
    isAtLineStart = true
  }
  return {
    print(event, wire) {
      for (const line of agent.read(event)) say(isColoured ? colourLine(line, paintSixteenColors) : line.text)
      output.print(event, wire)
      if (event.type === 'event.lost' && !isLost) say(lostPart)
      isLost = event.type === 'event.lost'
      if (event.type === 'message.start')
        say(`${fromLine(event.payload)}❯ ${toPlainLines(event.payload.text).join('\n')}`)
      if (event.type === 'output.elided' || event.type === 'background.elided') say(describeElided(event.payload))
      if (event.type === 'message.complete' && !wasWithdrawn(event.payload)) say(describeEnd(event.payload))
      if (event.type === 'shell.exited') say(describeShellExited(event.payload))
      if (event.type === 'session.marked') say(toPlainLine(describeMark(event.payload)))
      if (event.type === 'note') say(toPlainLines(event.payload.text).join('\n'))
      if (event.type === 'session.closed') say(describeClosed(event.payload))
    },
    flush: output.flush,
  }
}

/** Above a prompt of another client. */
function fromLine(payload: {by?: string | undefined}): string {
  return payload.by === undefined ? '' : `${from(payload).trimStart()}:\n`
}
