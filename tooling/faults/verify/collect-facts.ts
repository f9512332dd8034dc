import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'

import {homePaths, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import type {SessionEvent, SessionState} from '@holdfast/protocol'

import {describeProcess, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {readLines} from '../session/driven-client.ts'
import {answerTo} from '../session/answer-commands.ts'
import type {TestSession} from '../session/test-session.ts'
import type {Facts} from './facts.ts'

export interface FactSources extends Pick<Facts, 'faulted' | 'sockets' | 'size'> {
  session: TestSession
  leftProcesses: readonly Process[]
}

/** Reads the logs and processes that a run has left behind. */
export function collectFacts({session, leftProcesses, ...given}: FactSources): Facts {
  const {home, project, observations, clients, submitted, olderLogs, interrupted, answerer} = session
  const {accepted, changes, drafts, inputTaken, sessionId = ''} = observations
  const {run} = homePaths(home)
  const logFile = sessionPaths(home, sessionId).log
  const outputs = readdirSync(project).filter((name) => name.startsWith('output-'))
  const asking = [...submitted.values()].filter(({does}) => does === 'ask')
  const {log, state} = readLog(logFile, sessionId)
  return {
    ...given,
    answerer,
    log,
    state,
    interrupted,
    finished: new Set(readLines(`${project}/finished`)),
    accepted,
    changes,
    drafts,
    olderLogs: olderLogs.map((older) => ({
      ...older,
      copy: existsSync(older.copy) ? readLog(older.copy, sessionId).log : undefined,
    })),
    effects: readLines(`${project}/effects`).map((line) => {
      const [id = '', version] = line.split(' ')
      return {id, version: Number(version)}
    }),
    written: new Map(outputs.map((name) => [name.slice('output-'.length), readFileSync(`${project}/${name}`, 'utf8')])),
    asked: new Map(
      asking.map(({id}) => {
        const read = readLines(`${project}/input-${id}`)
        const isInterrupted = interrupted.has(id)
        if (answerer === 'shell') return [id, {answer: answerTo(id), read, isTaken: inputTaken.has(id), isInterrupted}]
        const answer = answerInLog(log, id)
        return [id, {answer: answer ?? 'none', read, isTaken: answer !== undefined, isInterrupted}]
      }),
    ),
    received: clients.flatMap(({instances}) =>
      instances.map(({file, afterSeq}, index) => ({
        client: file.slice(file.lastIndexOf('/') + 1),
        afterSeq,
        events: readLines(file).map((line) => JSON.parse(line) as unknown),
        isLast: index === instances.length - 1,
      })),
    ),
    leftProcesses: leftProcesses.map(describeProcess),
    leftFiles: existsSync(run) ? readdirSync(run).filter((name) => /\.(sock|lock)$/.test(name)) : [],
  }
}

/** The choice of the user in a prompt that asks once. */
function answerInLog(log: readonly SessionEvent[], promptId: string): string | undefined {
  const choices = log.flatMap(({type, payload}) =>
    type === 'approval.resolved' && payload.prompt_id === promptId ? [payload.choice] : [],
  )
  return choices[0]
}

/** How many sockets a process has open. Linux only. */
export function countSockets(process: Process | undefined): number {
  if (process === undefined) return 0
  const folder = `/proc/${process.pid}/fd`
  return readdirSync(folder).filter((name) => readLink(`${folder}/${name}`).startsWith('socket:')).length
}

/** The events of a log, and the state that is stored with it. */
export function readLog(file: string, sessionId: string): {log: SessionEvent[]; state: SessionState | undefined} {
  const reader = openSqliteLog({file, sessionId, readOnly: true})
  const log: SessionEvent[] = []
  for (;;) {
    const page = reader.read({afterSeq: log.at(-1)?.seq ?? 0})
    if (page.length === 0) break
    log.push(...page)
  }
  const state = reader.state()
  reader.close()
  return {log, state}
}

/** Empty where the file descriptor was closed meanwhile. */
function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
