import {readdirSync} from 'node:fs'

import {readProc, readProcessStat, readProcLink, readStatFields} from '../process-stat.ts'

/** `not-visible`: the process sleeps, and belongs to another user, as `sudo` does, so that the system does not show why. */
export type WaitReason = 'reads-terminal' | 'not-visible' | 'waits-for-events' | 'otherwise'

export interface Wait {
  reason: WaitReason
  /** The thread that waits; the id of a main thread is that of its process. */
  id: number
}

/** The number of the system call `read` by architecture. */
const READ: Readonly<Record<string, string>> = {x64: '0', arm64: '63'}
const READS = /^(?:n_tty_read|wait_woken|read_chan)/
const WAITS_FOR_EVENTS = /^(?:poll_schedule_timeout|do_select|do_sys_poll|do_poll|ep_poll|do_epoll_wait)/
/** On a machine with more processes, only the leader of a group is inspected. */
const MAX_PROCESSES = 5000
/** Of a process with more threads, the rest is not inspected. */
const MAX_THREADS = 64

/** The path of a process's terminal; undefined where there is no /proc, or the terminal is not a PTY. */
export function terminalOf(pid: number): string | undefined {
  const device = Number(readStatFields(pid)?.[4])
  const major = (device >> 8) & 0xfff
  // The major device numbers of PTYs on Linux.
  if (!(major >= 136 && major <= 143)) return undefined
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00)
  return `/dev/pts/${(major - 136) * 256 + minor}`
}

/** The strongest reasons come first. */
const REASONS: readonly WaitReason[] = ['reads-terminal', 'not-visible', 'waits-for-events']

/** What a process group waits for: the strongest reason among its threads, of which reading the terminal is first. */
export function waitOf(group: number, terminal: string): Wait {
  const leader = {id: group, reason: waitReasonOfProcess(group, terminal)}
  if (leader.reason === 'reads-terminal') return leader
  const threads = [group, ...othersOf(group)].flatMap(threadsOf)
  const all = [leader, ...threads.map((id) => ({id, reason: waitReasonOfProcess(id, terminal)}))]
  const strongest = REASONS.map((reason) => all.find((wait) => wait.reason === reason))
  return strongest.find((wait) => wait !== undefined) ?? leader
}

export function waitReasonOfProcess(pid: number, terminal: string): WaitReason {
  const kernelFunction = readProc(`${pid}/wchan`) ?? ''
  if (WAITS_FOR_EVENTS.test(kernelFunction)) return 'waits-for-events'
  // A kernel that hides the kernel function may still show the system call.
  if (!READS.test(kernelFunction) && kernelFunction !== '0' && kernelFunction !== '') return 'otherwise'
  const systemCall = readProc(`${pid}/syscall`)
  if (systemCall === undefined) return readProcessStat(pid)?.isSleeping === true ? 'not-visible' : 'otherwise'
  return readSizeOf(systemCall, pid, terminal) === undefined ? 'otherwise' : 'reads-terminal'
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

/** A program in Go or Java may read its terminal in any thread. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).slice(0, MAX_THREADS).map(Number)
  } catch {
    return []
  }
}
