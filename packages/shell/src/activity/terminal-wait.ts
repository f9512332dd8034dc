import {DISCARD_DESCRIPTOR} from '../discard-descriptor.ts'
import {membersOf, threadsOf} from '../group-members.ts'
import {readProc, readProcessStat, readProcLink, readStatFields} from '../process-stat.ts'
import {awaitedFiles} from './awaited-files.ts'

/**
 * Why a process sleeps.
 *
 * - `reads-terminal`: in a read of the terminal.
 * - `awaits-terminal`: until the terminal has input, or something else happens.
 * - `not-visible`: it belongs to another user, as `sudo` does, so that the system does not show why.
 * - `waits-for-events`: of which input may be one; the system does not show which.
 * - `otherwise`: for something else, or it does not sleep.
 */
export type WaitReason = 'reads-terminal' | 'awaits-terminal' | 'not-visible' | 'waits-for-events' | 'otherwise'

export interface Wait {
  reason: WaitReason
  /** The thread that waits; the id of a main thread is that of its process. */
  id: number
  /** The processes of the group; only its leader where that reads. */
  members: readonly number[]
  /** The shell discards unread input: what the terminal is set to is for no command. */
  isDiscarding: boolean
}

/** The number of the system call `read` by architecture. */
const READ: Readonly<Record<string, string>> = {x64: '0', arm64: '63'}
const READS = /^(?:n_tty_read|wait_woken|read_chan)/
const WAITS_FOR_EVENTS = /^(?:poll_schedule_timeout|do_select|do_sys_poll|do_poll|ep_poll|do_epoll_wait)/

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
const REASONS: readonly WaitReason[] = ['reads-terminal', 'awaits-terminal', 'not-visible', 'waits-for-events']

/**
 * What a process group in a shell's terminal waits for: the strongest reason among its threads, of which reading the terminal is
 * first.
 */
export function waitOf(group: number, terminal: string, shell: number): Wait {
  const leader = {id: group, reason: waitReasonOfProcess(group, terminal)}
  if (leader.reason === 'reads-terminal') return {...leader, members: [group], isDiscarding: false}
  const members = membersOf(group, shell)
  const threads = members.flatMap(threadsOf)
  const all = [leader, ...threads.map((id) => ({id, reason: waitReasonOfProcess(id, terminal)}))]
  // After the look at why they sleep: the shell opens the descriptor before it reads.
  if (members.some((pid) => pid !== group && readProcLink(`${pid}/fd/${DISCARD_DESCRIPTOR}`) === '/dev/tty'))
    return {id: group, reason: 'otherwise', members, isDiscarding: true}
  const strongest = REASONS.map((reason) => all.find((wait) => wait.reason === reason))
  return {...(strongest.find((wait) => wait !== undefined) ?? leader), members, isDiscarding: false}
}

export function waitReasonOfProcess(pid: number, terminal: string): WaitReason {
  const kernelFunction = readProc(`${pid}/wchan`) ?? ''
  const isEventWait = WAITS_FOR_EVENTS.test(kernelFunction)
  // A kernel that hides the kernel function may still show the system call.
  if (!isEventWait && !READS.test(kernelFunction) && kernelFunction !== '0' && kernelFunction !== '') return 'otherwise'
  const systemCall = readProc(`${pid}/syscall`)
  if (systemCall === undefined) {
    if (isEventWait) return 'waits-for-events'
    return readProcessStat(pid)?.isSleeping === true ? 'not-visible' : 'otherwise'
  }
  if (readSizeOf(systemCall, pid, terminal) !== undefined) return 'reads-terminal'
  const awaited = awaitedFiles(systemCall, pid)
  if (awaited === 'none') return isEventWait ? 'waits-for-events' : 'otherwise'
  if (awaited === 'unknown') return 'waits-for-events'
  return awaited.some((descriptor) => isTerminal(pid, descriptor, terminal)) ? 'awaits-terminal' : 'otherwise'
}

/** How many bytes a process asks the terminal for in this system call; undefined if it reads something else, or nothing. */
export function readSizeOf(systemCall: string, pid: number, terminal: string): number | undefined {
  const [call, descriptor, , size] = systemCall.split(' ')
  if (call === undefined || descriptor === undefined || call !== READ[process.arch]) return undefined
  return isTerminal(pid, Number(descriptor), terminal) ? Number(size) : undefined
}

function isTerminal(pid: number, descriptor: number, terminal: string): boolean {
  const path = readProcLink(`${pid}/fd/${descriptor}`)
  return path === terminal || path === '/dev/tty'
}
