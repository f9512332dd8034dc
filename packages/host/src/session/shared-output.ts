import type {EventLog} from '@holdfast/event-log'
import {maxSharedBytes, outputText, type EventPayload, type SessionEvent} from '@holdfast/protocol'
import {toPlainOutput} from '@holdfast/terminal'

import {createOutputTail} from '../output/output-tail.ts'

/** Control sequences and redrawn lines take more than what is left of them: this many characters of output are read. */
const maxReadLength = 4 * maxSharedBytes

/** A longer command is cut, characters. */
const maxCommandLength = 4096

/** What a coding agent is told of a command that the user ran in a session; undefined if the log does not have it. */
export function describeCommand(
  log: Pick<EventLog, 'latestSeq' | 'read' | 'readPrompt'>,
  promptId: string,
): string | undefined {
  const events = log.readPrompt(promptId)
  const start = events.find((event) => event.type === 'message.start')
  if (start === undefined) return undefined
  const end = events.find((event) => event.type === 'message.complete')
  const read = readOutput(log, promptId, {afterSeq: start.seq, beforeSeq: end?.seq ?? log.latestSeq + 1})
  const tail = createOutputTail(maxSharedBytes)
  tail.add(Buffer.from(toPlainOutput(read.text)))
  const {data, elided} = tail.read()
  const command = start.payload.text.replace(/^!{1,2}\s*/, '').slice(0, maxCommandLength)
  const ran = `The user ran \`${command}\` (${describeEnd(end?.payload)})`
  if (data.length === 0) return `${ran}. It printed nothing.\n\n`
  const which = read.isCut || elided > 0 ? '. The end of its output' : ''
  return `${ran}${which}:\n${Buffer.from(data).toString().trimEnd()}\n\n`
}

/** The end of what a prompt printed, from the newest event back. */
function readOutput(
  log: Pick<EventLog, 'read'>,
  promptId: string,
  {afterSeq, beforeSeq}: {afterSeq: number; beforeSeq: number},
): {text: string; isCut: boolean} {
  let text = ''
  let before = beforeSeq
  while (before > afterSeq + 1) {
    const events = log.read({beforeSeq: before}).filter(({seq}) => seq > afterSeq)
    text = events.map((event) => printed(event, promptId)).join('') + text
    before = events[0]?.seq ?? 0
    if (text.length > maxReadLength) return {text: text.slice(-maxReadLength), isCut: true}
  }
  return {text, isCut: false}
}

function printed(event: SessionEvent, promptId: string): string {
  return event.type === 'message.delta' && event.payload.prompt_id === promptId ? outputText(event.payload) : ''
}

function describeEnd(end: EventPayload<'message.complete'> | undefined): string {
  if (end === undefined) return 'it has not ended'
  const {status, reason, exit_code} = end
  if (status === 'complete') return exit_code === undefined ? 'exit status unknown' : `exit ${exit_code}`
  return reason === undefined ? status : `${status}: ${reason}`
}
