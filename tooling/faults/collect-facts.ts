import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {openSqliteLog} from '@holdfast/event-log'
import {homePaths, sessionPaths, type SessionEvent} from '@holdfast/protocol'

import {describeProcess, type Process} from '../e2e/processes.ts'
import type {Facts} from './facts.ts'

export interface FactSources {
  /** Of the run: with the folders `state`, `project` and `seen` in it. */
  folder: string
  sessionId: string
  clients: readonly string[]
  accepted: readonly string[]
  leftProcesses: readonly Process[]
}

/** Reads what a run has left behind. */
export function collectFacts(sources: FactSources): Facts {
  const {folder, sessionId, clients, accepted, leftProcesses} = sources
  const [state, project] = [`${folder}/state`, `${folder}/project`]
  const outputs = readdirSync(project).filter((name) => name.startsWith('output-'))
  return {
    accepted,
    log: readLog(state, sessionId),
    effects: wholeLines(`${project}/effects`),
    written: new Map(outputs.map((name) => [name.slice('output-'.length), readFileSync(`${project}/${name}`, 'utf8')])),
    seen: clients.map((client) => ({
      client,
      events: wholeLines(`${folder}/seen/${client}`).map((line) => JSON.parse(line) as unknown),
    })),
    leftProcesses: leftProcesses.map(describeProcess),
    heldLeases: readdirSync(homePaths(state).run).filter(
      (name) => name.endsWith('.lock') && isHeld(`${homePaths(state).run}/${name}`),
    ),
  }
}

function readLog(state: string, sessionId: string): SessionEvent[] {
  const log = openSqliteLog({file: sessionPaths(state, sessionId).log, sessionId, readOnly: true})
  const events: SessionEvent[] = []
  for (;;) {
    const more = log.read({afterSeq: events.length})
    if (more.length === 0) break
    events.push(...more)
  }
  log.close()
  return events
}

/** The lines of a file; without the last one if a kill cut it. */
function wholeLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

/** A lease is a kernel lock: whoever can take it knows that nobody holds it. */
function isHeld(file: string): boolean {
  const database = new DatabaseSync(file)
  try {
    // The lock of a process that was killed is free a moment after its death.
    database.exec('PRAGMA busy_timeout = 1000; BEGIN EXCLUSIVE')
    return false
  } catch {
    return true
  } finally {
    database.close()
  }
}
