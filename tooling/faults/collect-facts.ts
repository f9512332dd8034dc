import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'

import {homePaths, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {type SessionEvent, type SessionState} from '@holdfast/protocol'

import {describeProcess, type Process} from '../../apps/tui/e2e/support/processes.ts'
import type {Facts} from './facts.ts'
import type {Known, OlderLog} from './known.ts'
import {copyOf} from './older-log.ts'
import {wholeLines, type Participant} from './participant.ts'
import {answerTo} from './scene.ts'
import type {Prompt} from './schedule.ts'

export interface FactSources extends Pick<Facts, 'hurtShell' | 'sockets' | 'size'> {
  /** Of the run: with the folders `state`, `project` and `seen` in it. */
  folder: string
  known: Known
  participants: readonly Participant[]
  submitted: ReadonlyMap<string, Prompt>
  leftProcesses: readonly Process[]
  olderLogs: readonly OlderLog[]
  interrupted: ReadonlySet<string>
}

/** Reads what a run has left behind. */
export function collectFacts(sources: FactSources): Facts {
  const {folder, known, participants, submitted, leftProcesses, hurtShell, sockets, size, olderLogs, interrupted} =
    sources
  const [home, project] = [`${folder}/state`, `${folder}/project`]
  const {run} = homePaths(home)
  const sessionId = known.sessionId ?? ''
  const logFile = sessionPaths(home, sessionId).log
  const outputs = readdirSync(project).filter((name) => name.startsWith('output-'))
  const asking = [...submitted.values()].filter(({does}) => does === 'ask').map(({id}) => id)
  return {
    accepted: [...known.accepted],
    changes: known.changes,
    drafts: known.drafts,
    size,
    ...readLog(logFile, sessionId),
    olderLogs: olderLogs.map(({format, length}) => ({
      format,
      length,
      copy: readCopy(copyOf(logFile, format), sessionId),
    })),
    effects: wholeLines(`${project}/effects`).map((line) => {
      const [id = '', version] = line.split(' ')
      return {id, version: Number(version)}
    }),
    written: new Map(outputs.map((name) => [name.slice('output-'.length), readFileSync(`${project}/${name}`, 'utf8')])),
    asked: new Map(
      asking.map((id) => [
        id,
        {
          answer: answerTo(id),
          read: wholeLines(`${project}/input-${id}`),
          isTaken: known.inputTaken.has(id),
          isInterrupted: interrupted.has(id),
        },
      ]),
    ),
    seen: participants.flatMap(({lives}) =>
      lives.map(({file, afterSeq}, index) => ({
        client: file.slice(file.lastIndexOf('/') + 1),
        afterSeq,
        events: wholeLines(file).map((line) => JSON.parse(line) as unknown),
        isLast: index === lives.length - 1,
      })),
    ),
    hurtShell,
    sockets,
    leftProcesses: leftProcesses.map(describeProcess),
    leftFiles: existsSync(run) ? readdirSync(run).filter((name) => /\.(sock|lock)$/.test(name)) : [],
  }
}

/** How many sockets a process has open. Linux only. */
export function countSockets(process: Process | undefined): number {
  if (process === undefined) return 0
  const folder = `/proc/${process.pid}/fd`
  return readdirSync(folder).filter((name) => linkOf(`${folder}/${name}`).startsWith('socket:')).length
}

function readCopy(file: string, sessionId: string): SessionEvent[] | undefined {
  return existsSync(file) ? readLog(file, sessionId).log : undefined
}

function readLog(file: string, sessionId: string): {log: SessionEvent[]; state: SessionState | undefined} {
  const reader = openSqliteLog({file, sessionId, readOnly: true})
  const log: SessionEvent[] = []
  for (;;) {
    const more = reader.read({afterSeq: log.at(-1)?.seq ?? 0})
    if (more.length === 0) break
    log.push(...more)
  }
  const state = reader.state()
  reader.close()
  return {log, state}
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
