import {setImmediate as nextTurn} from 'node:timers/promises'

import {type StartedPrompt, EventLogError, homePaths, listLogs} from '@holdfast/event-log'
import {type Result} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import type {SessionLogs} from './session-logs.ts'

export interface HistoryOptions {
  home: string
  logs: SessionLogs
  /** Texts. */
  limit: number
  /** Only what ran before, epoch ms. */
  before: number
  /** Nobody waits for the result any more. */
  signal: AbortSignal
}

/** The most that is opened, looked through of each, and given. What is not looked at is as good as forgotten. */
const maxLogs = 1000
const maxEvents = 20_000
const maxTextLength = 65_536
const maxLength = 1024 * 1024

/** Of a log, so many events are looked through at once: what others ask meanwhile need not wait long. */
const pageEvents = 5000

/** A file may be a little older than what was written to it last, ms: clocks of files are coarse. */
const slackMs = 1000

type Entry = Result<'prompt.history'>['prompts'][number]

/**
 * The prompts that ran last, read from the logs themselves: deleting a session deletes its history. Logs are opened from
 * the one that was changed last on, until no other can hold anything newer than what was found.
 */
export async function readHistory(options: HistoryOptions): Promise<Result<'prompt.history'>> {
  const {home, limit, signal} = options
  const newest = new Map<string, Entry>()
  const listed = listLogs(homePaths(home).sessions)
  let opened = 0
  for (const {id, changedAt} of listed) {
    signal.throwIfAborted()
    if (opened === maxLogs || isEnough(newest, limit, changedAt + slackMs)) break
    opened++
    await takeLog(id, newest, options)
    // One more than is wanted says that there is more.
    for (const {text} of sorted(newest).slice(limit + 1)) newest.delete(text)
    await nextTurn()
  }
  const entries = sorted(newest)
  const prompts = takeWithin(entries.slice(0, limit))
  return {prompts, has_more: prompts.length < entries.length || opened < listed.length}
}

function sorted(newest: ReadonlyMap<string, Entry>): Entry[] {
  return [...newest.values()].sort((first, second) => second.at - first.at)
}

/** So many texts are known that ran after all that could still come. */
function isEnough(newest: ReadonlyMap<string, Entry>, limit: number, latest: number): boolean {
  if (newest.size < limit) return false
  let count = 0
  for (const {at} of newest.values()) if (at > latest) count++
  return count >= limit
}

async function takeLog(id: string, newest: Map<string, Entry>, {logs, before, limit, signal}: HistoryOptions) {
  let beforeSeq: number | undefined
  const found = new Set<string>()
  for (let looked = 0; looked < maxEvents && found.size < limit; looked += pageEvents) {
    const page = readPage(logs, id, beforeSeq)
    for (const {text, at} of page.begun) {
      if (at >= before || text.length > maxTextLength) continue
      found.add(text)
      const known = newest.get(text)
      if (known === undefined || known.at < at) newest.set(text, {session_id: id, text, at})
    }
    if (page.firstSeq <= 1) return
    beforeSeq = page.firstSeq
    signal.throwIfAborted()
    await nextTurn()
  }
}

/** A log that cannot be read, or was deleted meanwhile, holds no history. */
function readPage(
  logs: SessionLogs,
  id: string,
  beforeSeq: number | undefined,
): {begun: readonly StartedPrompt[]; firstSeq: number} {
  try {
    return logs.read(id, (log) => {
      const end = beforeSeq ?? log.latestSeq + 1
      return {begun: log.readStartedPrompts({beforeSeq: end, maxEvents: pageEvents}), firstSeq: end - pageEvents}
    })
  } catch (error) {
    if (error instanceof EventLogError || isRpcError(error)) return {begun: [], firstSeq: 1}
    throw error
  }
}

function takeWithin(entries: readonly Entry[]): Entry[] {
  let length = 0
  const end = entries.findIndex(({text}) => (length += text.length) > maxLength)
  return entries.slice(0, end === -1 ? entries.length : Math.max(1, end))
}
