import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {identifyProcess, processState, type ProcessIdentity} from './process-identity.ts'

/** A process that runs, or that ended without recording its exit. */
export interface PidFile {
  /** The part that the process plays, such as `gateway`. */
  role: string
  session?: string | undefined
  generation?: number | undefined
  /** Epoch ms. */
  startedAt: number
  parentPid: number
  process: ProcessIdentity
}

const extension = '.pid'

/** Files from another machine or container are removed at this age, ms: 30 days. */
const maxForeignAgeMs = 30 * 86_400_000
/** Files that one call reads. A folder with more is cleaned up by the following starts. */
const maxFiles = 1000

/**
 * Writes the PID file of this process into `folder`. Its name holds pid and start time, so a later process with the same
 * pid writes another file. Returns a function that removes it. Throws the errors of the file system.
 */
export function writePidFile(folder: string, file: Omit<PidFile, 'process' | 'parentPid'>): () => void {
  const identity = identifyProcess()
  if (!identity) return () => {}
  const name = `${identity.pid}-${identity.startTime ?? file.startedAt}`
  const path = join(folder, name + extension)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  // Written under another name first, so that no reader sees half a file.
  const unfinished = join(folder, `${name}.new`)
  try {
    writeFileSync(unfinished, `${JSON.stringify({...file, parentPid: process.ppid, process: identity})}\n`, {
      mode: 0o600,
    })
    renameSync(unfinished, path)
  } catch (error) {
    // On a full disk, half of it was written.
    rmSync(unfinished, {force: true})
    throw error
  }
  return () => rmSync(path, {force: true})
}

/** The PID files of processes that run on this machine. */
export function readPidFiles(folder: string): PidFile[] {
  return listFiles(folder).flatMap(({file}) => (file && processState(file.process) === 'alive' ? [file] : []))
}

/**
 * Removes the PID files of dead processes and returns them. Of several processes that call it at once, only one gets each
 * file. `rebooted`: the machine has restarted since the process started.
 */
export function removeDeadPidFiles(folder: string, now: number): {file: PidFile; rebooted: boolean}[] {
  return listFiles(folder).flatMap(({path, file}) => {
    const state = file ? processState(file.process) : 'elsewhere'
    if (state === 'alive') return []
    if (state === 'elsewhere') {
      if (isOlder(path, now - maxForeignAgeMs)) remove(path)
      return []
    }
    return file && remove(path) ? [{file, rebooted: state === 'dead-since-reboot'}] : []
  })
}

function listFiles(folder: string): {path: string; file: PidFile | undefined}[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  const pidFiles = names.filter((name) => name.endsWith(extension)).slice(0, maxFiles)
  return pidFiles.map((name) => join(folder, name)).map((path) => ({path, file: readPidFile(path)}))
}

function readPidFile(path: string): PidFile | undefined {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as PidFile
    const isValid =
      typeof file.role === 'string' &&
      typeof file.startedAt === 'number' &&
      typeof file.process.pid === 'number' &&
      typeof file.process.machine === 'string'
    return isValid ? file : undefined
  } catch {
    return undefined // Removed a moment ago, or not one of ours.
  }
}

function isOlder(path: string, than: number): boolean {
  return (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Infinity) < than
}

/** False when another process has removed it. */
function remove(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch {
    return false
  }
}
