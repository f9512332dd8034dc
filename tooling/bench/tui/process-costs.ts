import {readdirSync, readFileSync} from 'node:fs'

/** What the kernel tells of processes. Linux only. */
export interface ProcessCosts {
  /** Since it started, all threads, ms. */
  cpuMs: number
  /** How often one of its threads went to sleep. */
  switches: number
}

/** Memory that is its own, and its part of what it shares, MiB. */
export function pssOf(pid: number): number {
  return kilobytesOf(`/proc/${pid}/smaps_rollup`, 'Pss') / 1024
}

/** The most memory that it had since `forgetPeak`, MiB. */
export function peakOf(pid: number): number {
  return kilobytesOf(`/proc/${pid}/status`, 'VmHWM') / 1024
}

/** What it has at this moment, MiB. */
export function residentOf(pid: number): number {
  return kilobytesOf(`/proc/${pid}/status`, 'VmRSS') / 1024
}

export function costsOf(pid: number): ProcessCosts {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
  const sum = (read: (thread: string) => number) => threads.reduce((total, thread) => total + read(thread), 0)
  return {
    cpuMs: sum((thread) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6),
    switches: sum((thread) => Number(fieldOf(readFileSync(`${thread}/status`, 'utf8'), 'voluntary_ctxt_switches'))),
  }
}

function kilobytesOf(file: string, field: string): number {
  return Number(fieldOf(readFileSync(file, 'utf8'), field).replace(/ kB$/, ''))
}

function fieldOf(text: string, field: string): string {
  const [, value] = new RegExp(`^${field}:\\s*(.+)$`, 'm').exec(text) ?? []
  if (value === undefined) throw new Error(`Expected the kernel to tell \`${field}\`, got:\n${text}`)
  return value
}
