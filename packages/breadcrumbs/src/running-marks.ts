import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {fateOf, identifyProcess, type ProcessIdentity} from './process-identity.ts'

/** A process that is running, or was until it could not say any more that it ended. */
export interface RunningMark {
  who: string
  session?: string
  generation?: number
  /** When it began, epoch ms. */
  at: number
  /** Who started it. */
  parentPid: number
  process: ProcessIdentity
}

const ENDING = '.running'

/** A mark that nobody here can judge is let go after so long, ms: 30 days. */
const FOREIGN_MS = 30 * 86_400_000
/** Marks that are looked at by one sweep. A folder with more is swept by the next starts, too. */
const MAX_MARKS = 1000

/**
 * Leaves a mark in `folder` that this process runs: a file of its own for each process, so that writers have nothing to
 * share. Its name holds pid and start time, so that a later process of the same pid has another one. Gives what takes the
 * mark away. Throws what the file system throws.
 */
export function markRunning(folder: string, mark: Omit<RunningMark, 'process' | 'parentPid'>): () => void {
  const identity = identifyProcess()
  if (!identity) return () => {}
  const name = `${identity.pid}-${identity.startTime ?? mark.at}`
  const path = join(folder, name + ENDING)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  // Under another name first: nobody is to read half a mark.
  const unfinished = join(folder, `${name}.mark`)
  writeFileSync(unfinished, `${JSON.stringify({...mark, parentPid: process.ppid, process: identity})}\n`, {mode: 0o600})
  renameSync(unfinished, path)
  return () => rmSync(path, {force: true})
}

/** The marks of living processes of this machine. */
export function readRunning(folder: string): RunningMark[] {
  return listMarks(folder).flatMap(({mark}) => (mark && fateOf(mark.process) === 'alive' ? [mark] : []))
}

/**
 * Takes away the marks of processes that are dead, and tells whose they were, each to one caller only: whoever removes
 * the file is the one to tell of it. `isReboot`: the machine was started anew since.
 */
export function takeDeadMarks(folder: string, now: number): {mark: RunningMark; isReboot: boolean}[] {
  return listMarks(folder).flatMap(({path, mark}) => {
    const fate = mark ? fateOf(mark.process) : 'elsewhere'
    if (fate === 'alive') return []
    if (fate === 'elsewhere') {
      if (isOlder(path, now - FOREIGN_MS)) remove(path)
      return []
    }
    return mark && remove(path) ? [{mark, isReboot: fate === 'dead-since-reboot'}] : []
  })
}

function listMarks(folder: string): {path: string; mark: RunningMark | undefined}[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  const marks = names.filter((name) => name.endsWith(ENDING)).slice(0, MAX_MARKS)
  return marks.map((name) => join(folder, name)).map((path) => ({path, mark: readMark(path)}))
}

function readMark(path: string): RunningMark | undefined {
  try {
    const mark = JSON.parse(readFileSync(path, 'utf8')) as RunningMark
    const isWhole =
      typeof mark.who === 'string' &&
      typeof mark.at === 'number' &&
      typeof mark.process.pid === 'number' &&
      typeof mark.process.machine === 'string'
    return isWhole ? mark : undefined
  } catch {
    return undefined // Taken away just now, or none of ours.
  }
}

function isOlder(path: string, than: number): boolean {
  return (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Infinity) < than
}

/** False when another one has removed it. */
function remove(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch {
    return false
  }
}
