import type {Client} from '@holdfast/client'
import type {SessionEvent} from '@holdfast/protocol'
import {toPlainLines} from '@holdfast/terminal'

import {createTranscriptPrinter} from '../export/transcript-printer.ts'
import type {PastPrompt} from './find-past-prompt.ts'
import {readSpan, readSpanEnd, spanOf} from './read-past-prompt.ts'

/** What a prompt printed, or what the agent said and did, as plain lines. */
export interface OutputLines {
  lines: readonly string[]
  /** Before the line with this index, lines are missing; at the end where it is the number of lines. */
  gapAt: number | undefined
}

/** Most lines that are kept of one output. */
const maxOutputLines = 100_000
/** Most text that is kept of one output, UTF-16 units. */
const maxOutputLength = 16 * 1024 * 1024

type Requester = Pick<Client, 'request'>

/** Reads the first and the last lines of an output, or all of a short one: at most two pages of the log. */
export async function readOutputEnds(
  client: Requester,
  sessionId: string,
  prompt: PastPrompt,
  signal: AbortSignal,
): Promise<OutputLines> {
  const span = spanOf(prompt)
  for await (const page of readSpan(client, sessionId, span, signal)) {
    const seq = page.at(-1)?.seq ?? span.beforeSeq
    if (seq + 1 >= span.beforeSeq) return {lines: linesOf(page), gapAt: undefined}
    const rest = await readSpanEnd(client, sessionId, {...span, afterSeq: seq})
    const isWhole = (rest[0]?.seq ?? 0) <= seq + 1
    if (isWhole) return {lines: linesOf([...page, ...rest]), gapAt: undefined}
    const head = linesOf(page)
    return {lines: [...head, ...linesOf(rest)], gapAt: head.length}
  }
  return {lines: [], gapAt: undefined}
}

/** Reads a whole output, up to `maxOutputLines` lines and 16 Mi UTF-16 units; what comes after them is missing. */
export async function readAllOutput(
  client: Requester,
  sessionId: string,
  prompt: PastPrompt,
  signal: AbortSignal,
): Promise<OutputLines> {
  const kept: string[] = []
  let length = 0
  let rest = ''
  const printer = createTranscriptPrinter(
    (data) => {
      const text = rest + String(data)
      const end = text.lastIndexOf('\n') + 1
      rest = text.slice(end)
      length += end
      for (const line of splitLines(text.slice(0, end))) kept.push(line)
    },
    {isTerminal: true, isLive: false},
  )
  for await (const page of readSpan(client, sessionId, spanOf(prompt), signal)) {
    for (const event of page) printer.print(event, event)
    if (kept.length >= maxOutputLines || length >= maxOutputLength) break
  }
  printer.flush()
  for (const line of splitLines(rest)) kept.push(line)
  const isCut = kept.length > maxOutputLines || length >= maxOutputLength
  return {lines: kept.slice(0, maxOutputLines), gapAt: isCut ? Math.min(kept.length, maxOutputLines) : undefined}
}

function linesOf(events: readonly SessionEvent[]): string[] {
  let text = ''
  const printer = createTranscriptPrinter((data) => void (text += String(data)), {isTerminal: true, isLive: false})
  for (const event of events) printer.print(event, event)
  printer.flush()
  return splitLines(text)
}

/** Without the empty line behind the last line end. */
function splitLines(text: string): string[] {
  return text === '' ? [] : toPlainLines(text.replace(/\n$/, ''))
}
