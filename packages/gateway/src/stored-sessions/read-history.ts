import {setImmediate as nextTurn} from 'node:timers/promises'

import {type StartedPrompt, isEventLogError, homePaths, listLogs} from '@holdfast/event-log'
import {type Result} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import type {SessionLogs} from './session-logs.ts'

export interface HistoryOptions {
  home: string
  logs: SessionLogs
  /** The most texts to return. */
  limit: number
  /** Only prompts that started before this time, epoch ms. */
  before: number
  /** Aborts when the client no longer waits for the result. */
  signal: AbortSignal
}

/** Bounds: logs opened, events searched in each log, characters of one text, and characters of the result. */
const maxLogs = 1000
const maxEvents = 20_000
const maxTextLength = 65_536
const maxLength = 1024 * 1024

/** How many events of a log to search at once, before other requests get their turn. */
const pageEvents = 5000

/** By how much a file's time may be older than its last event, ms: clocks of file systems are coarse. */
const slackMs = 1000

type Entry = Result<'prompt.history'>['prompts'][number]

/**
 * Reads the most recently started prompts from the logs, so that deleting a session deletes its history. Opens logs from the one
 * that was changed last, until no other log can contain a newer prompt than those found.
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
    // One more than fits shows that there are more.
    const entries = sorted(newest)
    for (const {text} of entries.slice(takeWithin(entries.slice(0, limit)).length + 1)) newest.delete(text)
    await nextTurn()
  }
  const entries = sorted(newest)
  const prompts = takeWithin(entries.slice(0, limit))
  return {prompts, has_more: prompts.length < entries.length || opened < listed.length}
}

function sorted(newest: ReadonlyMap<string, Entry>): Entry[] {
  return [...newest.values()].sort((first, second) => second.at - first.at)
}

/** Whether a whole result is newer than any text that the remaining logs can contain. */
function isEnough(newest: ReadonlyMap<string, Entry>, limit: number, latest: number): boolean {
  const newer = [...newest.values()].filter(({at}) => at > latest)
  return newer.length >= limit || newer.reduce((length, {text}) => length + text.length, 0) > maxLength
}

async function takeLog(id: string, newest: Map<string, Entry>, {logs, before, limit, signal}: HistoryOptions) {
  let beforeSeq: number | undefined
  const found = new Set<string>()
  let length = 0
  for (let looked = 0; looked < maxEvents && found.size < limit && length <= maxLength; looked += pageEvents) {
    const page = readPage(logs, id, beforeSeq)
    for (const {text, at} of page.begun) {
      if (at >= before) continue
      // No result has more.
      if (length > maxLength) break
      if (!found.has(text)) length += text.length
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

/** A log that cannot be read, or was deleted meanwhile, has no history. */
function readPage(
  logs: SessionLogs,
  id: string,
  beforeSeq: number | undefined,
): {begun: readonly StartedPrompt[]; firstSeq: number} {
  try {
    return logs.read(id, (log) => {
      const end = beforeSeq ?? log.latestSeq + 1
      return {
        begun: log.readStartedPrompts({beforeSeq: end, maxEvents: pageEvents, maxTextLength}),
        firstSeq: end - pageEvents,
      }
    })
  } catch (error) {
    if (isEventLogError(error) || isRpcError(error)) return {begun: [], firstSeq: 1}
    throw error
  }
}

function takeWithin(entries: readonly Entry[]): Entry[] {
  let length = 0
  const end = entries.findIndex(({text}) => (length += text.length) > maxLength)
  return entries.slice(0, end === -1 ? entries.length : Math.max(1, end))
}
