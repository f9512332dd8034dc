import {setImmediate as nextTurn} from 'node:timers/promises'

import {type ShownLog, type StartedPrompt, isEventLogError, homePaths, listLogs} from '@holdfast/event-log'
import type {EventPayload, Result, SessionEvent} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import type {PlacedCommand} from '../shell-history/read-shell-history.ts'
import type {SessionLogs} from './session-logs.ts'

export interface HistoryOptions {
  home: string
  logs: SessionLogs
  /** The most texts to return. */
  limit: number
  /** Only what has a place before this one: prompts that started before this time, epoch ms. */
  before: number
  /** The commands in the history of a shell, the newest first. */
  shellHistory: readonly PlacedCommand[]
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

/** By how much the times of a command in a shell's history and in a log may differ, ms: shells count in seconds. */
const sameRunMs = 5000

/** A command, its place among all, and the prompt of a session that it was; `undefined`: only the shell's history has it. */
interface Entry extends PlacedCommand {
  prompt?: StartedPrompt & {sessionId: string}
}

/**
 * Joins the history of a shell with the most recently started prompts, which it reads from the logs, so that deleting a session deletes its history. Opens logs from the one
 * that was changed last, until no other log can contain a newer prompt than those found.
 */
export async function readHistory(options: HistoryOptions): Promise<Result<'prompt.history'>> {
  const {home, limit, before, shellHistory, signal} = options
  const newest = new Map<string, Entry>()
  for (const command of shellHistory) {
    if (command.place < before && !isKeptOut(command.text) && !newest.has(command.text))
      newest.set(command.text, command)
  }
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
  const page = takeWithin(entries.slice(0, limit))
  const hasMore = page.length < entries.length || opened < listed.length
  return {prompts: withOutcomes(page, options), ...(hasMore && page.length > 0 && {next: page.at(-1)?.place})}
}

/** Reads how the prompts of a page ended. */
function withOutcomes(page: readonly Entry[], {logs}: HistoryOptions): Result<'prompt.history'>['prompts'] {
  const prompts = page.map(({prompt}) => prompt).filter((prompt) => prompt !== undefined)
  const outcomes = new Map<string, Outcome>()
  for (const [sessionId, ran] of Map.groupBy(prompts, (prompt) => prompt.sessionId)) {
    readLog(logs, sessionId, undefined, (log) => {
      for (const {promptId} of ran) outcomes.set(promptId, outcomeOf(log.readPrompt(promptId)))
    })
  }
  return page.map(({text, at, prompt}) => {
    if (prompt === undefined) return {text, ...(at !== undefined && {at})}
    const {sessionId, promptId, cwd} = prompt
    return {text, at: prompt.at, session_id: sessionId, ...(cwd !== undefined && {cwd}), ...outcomes.get(promptId)}
  })
}

type Outcome = Partial<Pick<EventPayload<'message.complete'>, 'status' | 'exit_code' | 'reason'>>

function outcomeOf(events: readonly SessionEvent[]): Outcome {
  const end = events.findLast(({type}) => type === 'message.complete')
  if (end?.type !== 'message.complete') return {}
  const {status, exit_code, reason} = end.payload
  return {status, ...(exit_code !== undefined && {exit_code}), ...(reason !== undefined && {reason})}
}

/** Reads a log; one that cannot be read, or was deleted meanwhile, has no history. */
function readLog<Value>(logs: SessionLogs, id: string, otherwise: Value, read: (log: ShownLog) => Value): Value {
  try {
    return logs.read(id, read)
  } catch (error) {
    if (isEventLogError(error) || isRpcError(error)) return otherwise
    throw error
  }
}

function sorted(newest: ReadonlyMap<string, Entry>): Entry[] {
  return [...newest.values()].sort((first, second) => second.place - first.place)
}

/** Whether a whole result is newer than any text that the remaining logs can contain. */
function isEnough(newest: ReadonlyMap<string, Entry>, limit: number, latest: number): boolean {
  const newer = [...newest.values()].filter(({place}) => place > latest)
  return newer.length >= limit || newer.reduce((length, {text}) => length + text.length, 0) > maxLength
}

async function takeLog(id: string, newest: Map<string, Entry>, {logs, before, limit, signal}: HistoryOptions) {
  let beforeSeq: number | undefined
  const found = new Set<string>()
  let length = 0
  for (let looked = 0; looked < maxEvents && found.size < limit && length <= maxLength; looked += pageEvents) {
    const page = readPage(logs, id, beforeSeq)
    for (const prompt of page.begun) {
      const {text, at} = prompt
      if (at >= before || isKeptOut(text)) continue
      // No result has more.
      if (length > maxLength) break
      if (!found.has(text)) length += text.length
      found.add(text)
      const known = newest.get(text)
      const isSame = known !== undefined && known.prompt === undefined && known.place < at + sameRunMs
      if (known === undefined || known.place < at || isSame)
        newest.set(text, {text, at, place: at, prompt: {...prompt, sessionId: id}})
    }
    if (page.firstSeq <= 1) return
    beforeSeq = page.firstSeq
    signal.throwIfAborted()
    await nextTurn()
  }
}

function readPage(
  logs: SessionLogs,
  id: string,
  beforeSeq: number | undefined,
): {begun: readonly StartedPrompt[]; firstSeq: number} {
  return readLog(logs, id, {begun: [], firstSeq: 1}, (log) => {
    const end = beforeSeq ?? log.latestSeq + 1
    return {
      begun: log.readStartedPrompts({beforeSeq: end, maxEvents: pageEvents, maxTextLength}),
      firstSeq: end - pageEvents,
    }
  })
}

function takeWithin(entries: readonly Entry[]): Entry[] {
  let length = 0
  const end = entries.findIndex(({text}) => (length += text.length) > maxLength)
  return entries.slice(0, end === -1 ? entries.length : Math.max(1, end))
}

/** As in shells: a blank before a line keeps it out. */
function isKeptOut(text: string): boolean {
  return /^[ \t]/.test(text)
}
