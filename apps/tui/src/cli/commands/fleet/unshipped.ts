import {isEventLogError} from '@holdfast/event-log'
import {listUnshipped, openUnshipped, type UnshippedLog} from '@holdfast/fleet'
import type {SessionEvent} from '@holdfast/protocol'
import {toJsonLine, toPlainLine} from '@holdfast/terminal'

import {beginProcess} from '../../../process/begin-process.ts'
import {exitStatuses} from '../../../process/failure-codes.ts'
import {findHome} from '../../../process/find-home.ts'
import {printError} from '../../../process/print-error.ts'
import {printLines} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import {failureOf} from '../../../sessions/to-user-error.ts'

/** Events that are read at a time. */
const pageSize = 500
/** Of the content of an event, characters. */
const maxShown = 100

/** Prints the events of this machine that are in no other log, one a line. Reports the logs that it cannot read, and goes on with the others. */
export async function printUnshipped(id: string | undefined, {json = false}: {json?: boolean}): Promise<void> {
  beginProcess('command')
  const logs = listUnshipped(findHome()).filter(({sessionId}) => id === undefined || sessionId === id)
  if (logs.length === 0 && id !== undefined) {
    throw new UserError(`this machine has no events of session ${id} that were not sent`, {code: 'session_not_found'})
  }
  if (logs.length === 0 && !json) return await printLines(['Nothing: all events of this machine were sent in time'])
  for (const log of logs) {
    try {
      await printLog(log, json)
    } catch (error) {
      if (!isEventLogError(error)) throw error
      printError(`the events of session ${log.sessionId} in ${log.file} cannot be read: ${error.message}`)
      process.exitCode ??= exitStatuses[failureOf(error.wireCode)]
    }
  }
}

async function printLog(log: UnshippedLog, json: boolean): Promise<void> {
  if (!json) await printLines([`Session ${log.sessionId}, after event ${log.through} (${log.file}):`])
  for (const page of pages(log)) await printLines(page.map((event) => (json ? toJsonLine(event) : toLine(event))))
}

function* pages(unshipped: UnshippedLog): Generator<readonly SessionEvent[]> {
  const log = openUnshipped(unshipped)
  try {
    for (let afterSeq = unshipped.through; ;) {
      const page = log.read({afterSeq, limit: pageSize})
      if (page.length === 0) return
      yield page
      afterSeq = page.at(-1)!.seq
    }
  } finally {
    log.close()
  }
}

function toLine({seq, at, type, payload}: SessionEvent): string {
  const content = toPlainLine(JSON.stringify(payload))
  const shown = content.length > maxShown ? `${content.slice(0, maxShown)}…` : content
  return `  ${seq}  ${new Date(at).toISOString()}  ${type}  ${shown}`
}
