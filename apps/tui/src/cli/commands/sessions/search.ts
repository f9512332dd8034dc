import type {Result} from '@holdfast/protocol'
import {toJsonLine, toListLine, toPlainLine} from '@holdfast/terminal'
import {formatAge} from '@holdfast/session-view'

import {printError} from '../../../process/print-error.ts'
import {printLines} from '../../../process/standard-output.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {failIfIncomplete} from '../../../sessions/incomplete-list.ts'
import {withClient} from '../../../sessions/with-client.ts'

export interface SearchOptions {
  json?: boolean
  /** Maximum hits per session. */
  limit: number
  gateway: GatewayChoice
}

type FoundSession = Result<'session.search'>['sessions'][number]

/** Prints the lines of all sessions that contain all words. Exits with 1 if there are none, like grep. */
export async function searchSessions(words: readonly string[], {json, limit, gateway}: SearchOptions): Promise<void> {
  const {sessions, unreadable, has_more} = await withClient(
    gateway,
    (client) => client.request('session.search', {words: [...words], limit}),
    failIfIncomplete(),
  )
  const now = Date.now()
  const lines = sessions.flatMap((session) => (json ? toJson(session) : toText(session, gateway, now)))
  await printLines(lines)
  for (const id of unreadable) printError(`the log of session ${id} could not be read, or not all of it`)
  if (has_more) printError('more sessions match than fit: add words')
  process.exitCode ??= sessions.length === 0 ? 1 : 0
}

function toJson({id, title, hits}: FoundSession): string[] {
  return hits.map(({seq, at, prompt_id, text}) => toJsonLine({id, title, seq, at, prompt_id, text}))
}

function toText({id, title, updated_at, hits, has_more}: FoundSession, gateway: GatewayChoice, now: number): string[] {
  return [
    `${id}  ${formatAge(now - updated_at)}  ${toListLine(title)}`,
    ...hits.map(({text}) => `  ${toPlainLine(text)}`),
    ...(has_more ? [`  … and more: ${invocationFor(gateway, 'show', id)}`] : []),
  ]
}
