import {
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
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
  /** Where it serves clients, with the access token of the home. */
  url?: string | undefined
  /** Where it serves a page to browsers. */
  page?: string | undefined
  process: ProcessIdentity
}

const extension = '.pid'

/** Files from another machine or container are removed at this age, ms: 30 days. */
const maxForeignAgeMs = 30 * 86_400_000
/** Files of ended processes that one call reads. A folder with more is cleaned up by the following starts. */
const maxEndedFiles = 1000

/**
 * Writes the PID file of this process into `folder`, or replaces it. Its name has pid, start time and machine, so a later
 * process with the same pid writes another file. Returns a function that removes it. Throws the errors of the file system.
 */
export function writePidFile(folder: string, file: Omit<PidFile, 'process' | 'parentPid'>): () => void {
  const identity = identifyProcess()
  if (!identity) return () => {}
  const name = `${identity.pid}-${identity.startTime ?? file.startedAt}${machineSuffix(identity)}`
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

/**
 * The PID files of processes that run on this machine. However many files there are of others, it finds all of these, because
 * their names tell them apart.
 */
export function readPidFiles(folder: string): PidFile[] {
  return listFiles(folder)
    .filter(({runs}) => runs)
    .flatMap(({path}) => readPidFile(path) ?? [])
    .filter((file) => processState(file.process) === 'alive')
}

/**
 * Removes the PID files of dead processes and returns them. Of several processes that call it at once, only one gets each
 * file. `rebooted`: the machine has restarted since the process started.
 */
export function removeDeadPidFiles(folder: string, now: number): {file: PidFile; rebooted: boolean}[] {
  const ended = listFiles(folder).filter(({runs}) => !runs)
  // Those of this machine first: it alone removes them.
  const files = [...ended.filter(({isLocal}) => isLocal), ...ended.filter(({isLocal}) => !isLocal)]
  return files.slice(0, maxEndedFiles).flatMap(({path}) => {
    const file = readPidFile(path)
    const state = file ? processState(file.process) : 'elsewhere'
    if (state === 'alive') return []
    if (state === 'elsewhere') {
      if (isOlder(path, now - maxForeignAgeMs)) remove(path)
      return []
    }
    return file && remove(path) ? [{file, rebooted: state === 'dead-since-reboot'}] : []
  })
}

interface ListedFile {
  path: string
  /** Of a process of this machine and container, as far as the name says. */
  isLocal: boolean
  /** Such a process runs. */
  runs: boolean
}

function listFiles(folder: string): ListedFile[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  const own = identifyProcess()
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => {
      const isLocal = own !== undefined && name.endsWith(`${machineSuffix(own)}${extension}`)
      return {path: join(folder, name), isLocal, runs: isLocal && runsProcess(name, own)}
    })
}

/** A process of this machine with the pid and, where the system tells it, the start time of a file name. */
function runsProcess(name: string, own: ProcessIdentity): boolean {
  const [, pid, startTime] = /^(\d+)-(\d+)@/.exec(name) ?? []
  if (pid === undefined) return false
  return processState({...own, pid: Number(pid), startTime: own.startTime && startTime}) === 'alive'
}

/** The part of a file name that is the same for all processes of a machine and container. */
function machineSuffix({machine, namespace = ''}: ProcessIdentity): string {
  return `@${`${machine}-${namespace}`.replaceAll(/[^\w.-]/g, '_').slice(0, 100)}`
}

/** Without O_NONBLOCK, opening a named pipe would wait for its writer. */
const readNow = constants.O_RDONLY | constants.O_NONBLOCK

function readPidFile(path: string): PidFile | undefined {
  try {
    const file = JSON.parse(readFileSync(path, {encoding: 'utf8', flag: readNow})) as PidFile
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
