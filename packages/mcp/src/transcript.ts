import {outputText, type EventPayload, type LoggedEvent} from '@holdfast/protocol'
import {createPlainOutput} from '@holdfast/terminal'

/** The longest text of a prompt, UTF-16 units. */
const maxPromptLength = 2000

/** Turns the events of a session into text: prompts behind `$ `, output without control sequences, and notes in brackets. */
export interface Transcript {
  add(event: LoggedEvent): void
  /** Of the text so far, UTF-16 units, without a line that is not ended yet. */
  readonly length: number
  /** All of it. A line that is not ended yet counts as one. */
  end(): string
}

export function createTranscript(): Transcript {
  let text = ''
  const plain = createPlainOutput({write: (more) => void (text += more), colours: false, unfinished: false})
  const note = (line: string) => {
    plain.flush()
    text += `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`
  }
  return {
    add(event) {
      if (event.type === 'message.delta' || event.type === 'background.output')
        return plain.add(outputText(event.payload))
      const line = lineOf(event)
      if (line !== undefined) note(line)
    },
    get length() {
      return text.length
    },
    end() {
      plain.flush()
      return text
    },
  }
}

/** How much an event adds at most, UTF-16 units: its control sequences count, too. */
export function lengthOf(event: LoggedEvent): number {
  if (event.type === 'message.delta' || event.type === 'background.output') return outputText(event.payload).length
  return (lineOf(event)?.length ?? 0) + 1
}

function lineOf(event: LoggedEvent): string | undefined {
  switch (event.type) {
    case 'message.start': {
      const {text} = event.payload
      return `$ ${text.length > maxPromptLength ? `${text.slice(0, maxPromptLength)} …` : text}`
    }
    case 'message.complete':
      return `[${describeComplete(event.payload)}]`
    case 'output.elided':
    case 'background.elided':
      return `[… ${event.payload.bytes} bytes are not in the log …]`
    case 'shell.exited':
      return '[the shell has ended]'
    case 'session.closed':
      return '[the session was closed]'
    case 'event.lost':
      return '[a part of the log was lost]'
    case 'session.marked':
      return `[mark: ${event.payload.name}]`
    case 'note':
      return `[${event.payload.text}]`
    default:
      return undefined
  }
}

function describeComplete({
  prompt_id,
  status,
  exit_code,
  reason,
  signal,
  duration_ms,
}: EventPayload<'message.complete'>) {
  return [
    `run ${prompt_id}: ${status}`,
    exit_code === undefined ? undefined : `exit status ${exit_code}`,
    reason,
    signal,
    duration_ms === undefined ? undefined : `${Math.round(duration_ms)} ms`,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}
