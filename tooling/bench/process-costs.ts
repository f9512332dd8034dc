import {readdirSync, readFileSync} from 'node:fs'

// All of it is read from /proc, so on Linux only.

/** Resident memory of a living process now (RSS), MiB. Shared memory counts in full. */
export function residentOf(pid: number): number {
  return mebibytesOf(`/proc/${pid}/status`, 'VmRSS')
}

/** The most resident memory that a living process has had, MiB. */
export function peakOf(pid: number): number {
  return mebibytesOf(`/proc/${pid}/status`, 'VmHWM')
}

/** Proportional memory of a living process (PSS), MiB: shared memory counts by its share. */
export function pssOf(pid: number): number {
  return mebibytesOf(`/proc/${pid}/smaps_rollup`, 'Pss')
}

/** Processor time of all threads of a process since it started, ms. */
export function cpuMsOf(pid: number): number {
  return sumOverThreads(pid, (thread) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
}

/** How many times a thread of a process went to sleep and was woken since it started. */
export function wakeupsOf(pid: number): number {
  return sumOverThreads(pid, (thread) => Number(fieldOf(`${thread}/status`, 'voluntary_ctxt_switches')))
}

/** The processes of a program whose environment has this variable, `NAME=value`. */
export function findMarked(variable: string, program: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOrNothing(`/proc/${pid}/comm`).trim() === program)
    .filter((pid) => readOrNothing(`/proc/${pid}/environ`).split('\0').includes(variable))
    .map(Number)
}

/** Nothing of a process that is gone, or belongs to another user. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function sumOverThreads(pid: number, read: (thread: string) => number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + read(`/proc/${pid}/task/${thread}`), 0)
}

function mebibytesOf(file: string, field: string): number {
  return Number(fieldOf(file, field).replace(/ kB$/, '')) / 1024
}

/** Throws if the process is gone: a zombie has no memory. */
function fieldOf(file: string, field: string): string {
  const [, value] = new RegExp(`^${field}:\\s*(.+)$`, 'm').exec(readFileSync(file, 'utf8')) ?? []
  if (value === undefined) throw new Error(`there is no \`${field}\` in ${file}: the process has exited`)
  return value
}
