import {outputText, type EventPayload, type LoggedEvent} from '@holdfast/protocol'
import {createPlainOutput} from '@holdfast/terminal'

import {keepHeadAndTail, nothingKept, type HeadAndTail} from './head-and-tail.ts'

/** Reads one run from the events of its session. */
export interface RunReader {
  /** Takes the next event of the session. Returns whether the run has ended. */
  take(event: LoggedEvent): boolean
  /** `false`: it waits while another prompt of the session runs. */
  readonly hasStarted: boolean
  /** The last line that it printed, without control sequences. */
  readonly lastLine: string | undefined
  /** What it printed so far, without control sequences. A line that is not ended yet counts as one. */
  readOutput(): HeadAndTail
  /** The seq after which the output begins that is left out. */
  readonly leftOutAfter: number | undefined
  /** The seq of the last event that was taken. */
  readonly lastSeq: number
  readonly end: EventPayload<'message.complete'> | undefined
  /** The session was closed. */
  readonly isClosed: boolean
}

/** `maxOutput`: how much of the output is kept, UTF-16 units: its beginning and its end. */
export function createRunReader(
  promptId: string,
  {afterSeq, maxOutput}: {afterSeq: number; maxOutput: number},
): RunReader {
  let hasStarted = false
  let output = nothingKept
  let lastLine: string | undefined
  let leftOutAfter: number | undefined
  let lastSeq = afterSeq
  let end: RunReader['end']
  let isClosed = false

  const plain = createPlainOutput({
    write(text) {
      output = keepHeadAndTail(output, text, maxOutput)
      lastLine = text.slice(-1000).trimEnd().split('\n').at(-1) || lastLine
    },
    colours: false,
    unfinished: false,
  })

  const takePart = (event: LoggedEvent) => {
    if (event.type === 'session.closed') isClosed = true
    if (event.type === 'unknown' || !('prompt_id' in event.payload) || event.payload.prompt_id !== promptId) return
    if (event.type === 'message.start') hasStarted = true
    if (event.type === 'message.delta') plain.add(outputText(event.payload))
    if (event.type === 'output.elided') plain.add(`\n[… ${event.payload.bytes} bytes are not in the log …]\n`)
    if (event.type === 'approval.request')
      plain.add(`\n[The coding agent asks: ${event.payload.title}. A person answers.]\n`)
    if (event.type === 'message.complete') end = event.payload
  }

  return {
    take(event) {
      takePart(event)
      // From here on, what comes may be dropped.
      if (output.tail !== '') leftOutAfter ??= lastSeq
      lastSeq = event.seq
      return end !== undefined || isClosed
    },
    readOutput() {
      plain.flush()
      return output
    },
    get hasStarted() {
      return hasStarted
    },
    get lastLine() {
      return lastLine
    },
    get leftOutAfter() {
      return leftOutAfter
    },
    get lastSeq() {
      return lastSeq
    },
    get end() {
      return end
    },
    get isClosed() {
      return isClosed
    },
  }
}
