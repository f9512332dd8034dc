import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'

import {homePaths, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import type {SessionEvent, SessionState} from '@holdfast/protocol'

import {describeProcess, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {readLines} from '../session/driven-client.ts'
import {answerTo, type TestSession} from '../session/test-session.ts'
import type {Facts} from './facts.ts'

export interface FactSources extends Pick<Facts, 'shellFaulted' | 'sockets' | 'size'> {
  session: TestSession
  leftProcesses: readonly Process[]
}

/** Reads the logs and processes that a run has left behind. */
export function collectFacts({session, leftProcesses, ...given}: FactSources): Facts {
  const {home, project, observations, clients, submitted, olderLogs, interrupted} = session
  const {accepted, changes, drafts, inputTaken, sessionId = ''} = observations
  const {run} = homePaths(home)
  const logFile = sessionPaths(home, sessionId).log
  const outputs = readdirSync(project).filter((name) => name.startsWith('output-'))
  const asking = [...submitted.values()].filter(({does}) => does === 'ask')
  return {
    ...given,
    ...readLog(logFile, sessionId),
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
        return [id, {answer: answerTo(id), read, isTaken: inputTaken.has(id), isInterrupted: interrupted.has(id)}]
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

/** How many sockets a process has open. Linux only. */
export function countSockets(process: Process | undefined): number {
  if (process === undefined) return 0
  const folder = `/proc/${process.pid}/fd`
  return readdirSync(folder).filter((name) => readLink(`${folder}/${name}`).startsWith('socket:')).length
}

function readLog(file: string, sessionId: string): {log: SessionEvent[]; state: SessionState | undefined} {
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
