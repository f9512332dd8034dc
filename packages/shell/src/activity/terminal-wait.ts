import {readdirSync} from 'node:fs'

import {readProc, readProcLink, readStatFields} from '../process-stat.ts'

export type WaitReason = 'reads-terminal' | 'waits-for-events' | 'otherwise'

/** The number of the system call `read` by architecture. */
const READ: Readonly<Record<string, string>> = {x64: '0', arm64: '63'}
const READS = /^(?:n_tty_read|wait_woken|read_chan)/
const WAITS_FOR_EVENTS = /^(?:poll_schedule_timeout|do_select|do_sys_poll|do_poll|ep_poll|do_epoll_wait)/
/** On a machine with more processes, only the leader of a group is inspected. */
const MAX_PROCESSES = 5000

/** The path of a process's terminal; undefined where there is no /proc, or the terminal is not a PTY. */
export function terminalOf(pid: number): string | undefined {
  const device = Number(readStatFields(pid)?.[4])
  const major = (device >> 8) & 0xfff
  // The major device numbers of PTYs on Linux.
  if (!(major >= 136 && major <= 143)) return undefined
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00)
  return `/dev/pts/${(major - 136) * 256 + minor}`
}

/** What a process group waits for: the strongest reason among its members, of which reading the terminal is first. */
export function waitReasonOf(group: number, terminal: string): WaitReason {
  const leader = waitReasonOfProcess(group, terminal)
  if (leader === 'reads-terminal') return leader
  const all = new Set([leader, ...othersOf(group).map((pid) => waitReasonOfProcess(pid, terminal))])
  if (all.has('reads-terminal')) return 'reads-terminal'
  return all.has('waits-for-events') ? 'waits-for-events' : 'otherwise'
}

export function waitReasonOfProcess(pid: number, terminal: string): WaitReason {
  const kernelFunction = readProc(`${pid}/wchan`) ?? ''
  if (WAITS_FOR_EVENTS.test(kernelFunction)) return 'waits-for-events'
  // A kernel that hides the kernel function may still show the system call.
  if (!READS.test(kernelFunction) && kernelFunction !== '0' && kernelFunction !== '') return 'otherwise'
  return readSizeOf(readProc(`${pid}/syscall`) ?? '', pid, terminal) === undefined ? 'otherwise' : 'reads-terminal'
}

/** How many bytes a process asks the terminal for in this system call; undefined if it reads something else, or nothing. */
export function readSizeOf(systemCall: string, pid: number, terminal: string): number | undefined {
  const [call, descriptor, , size] = systemCall.split(' ')
  if (call === undefined || descriptor === undefined || call !== READ[process.arch]) return undefined
  const path = readProcLink(`${pid}/fd/${Number(descriptor)}`)
  return path === terminal || path === '/dev/tty' ? Number(size) : undefined
}

function othersOf(group: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  if (pids.length > MAX_PROCESSES) return []
  return pids.filter((pid) => pid !== group && Number(readStatFields(pid)?.[2]) === group)
}
