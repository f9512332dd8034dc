import {readdirSync, readFileSync, readlinkSync} from 'node:fs'

/** How a process waits, as far as it concerns its terminal. */
export type Waiting = 'reads-terminal' | 'waits-for-events' | 'otherwise'

/** The numbers of `read` on the machines that we know. */
const READ: Readonly<Record<string, string>> = {x64: '0', arm64: '63'}
const READS = /^(?:n_tty_read|wait_woken|read_chan)/
const WAITS_FOR_EVENTS = /^(?:poll_schedule_timeout|do_select|do_sys_poll|do_poll|ep_poll|do_epoll_wait)/
/** On a machine with more processes than that, only the first of a group is looked at. */
const MAX_PROCESSES = 5000

/** The path of the terminal that a process has; undefined where there is no /proc, or no such terminal. */
export function terminalOf(pid: number): string | undefined {
  const device = Number(statFields(pid)?.[4])
  const major = (device >> 8) & 0xfff
  // What Linux has given to pseudo terminals.
  if (!(major >= 136 && major <= 143)) return undefined
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00)
  return `/dev/pts/${(major - 136) * 256 + minor}`
}

/** How a group of processes waits: that of its members that comes nearest to reading the terminal. */
export function waitingOf(group: number, terminal: string): Waiting {
  const leader = waitingOfProcess(group, terminal)
  if (leader === 'reads-terminal') return leader
  const all = new Set([leader, ...othersOf(group).map((pid) => waitingOfProcess(pid, terminal))])
  if (all.has('reads-terminal')) return 'reads-terminal'
  return all.has('waits-for-events') ? 'waits-for-events' : 'otherwise'
}

function waitingOfProcess(pid: number, terminal: string): Waiting {
  const place = read(`/proc/${pid}/wchan`) ?? ''
  if (WAITS_FOR_EVENTS.test(place)) return 'waits-for-events'
  // A kernel that does not name the place may still tell the call.
  if (!READS.test(place) && place !== '0' && place !== '') return 'otherwise'
  const [call, descriptor] = (read(`/proc/${pid}/syscall`) ?? '').split(' ')
  if (call === undefined || descriptor === undefined || call !== READ[process.arch]) return 'otherwise'
  const path = linkOf(`/proc/${pid}/fd/${Number(descriptor)}`)
  return path === terminal || path === '/dev/tty' ? 'reads-terminal' : 'otherwise'
}

function othersOf(group: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  if (pids.length > MAX_PROCESSES) return []
  return pids.filter((pid) => pid !== group && Number(statFields(pid)?.[2]) === group)
}

/** What stands behind the program's name, which may hold anything: state, parent, group, session, terminal … */
function statFields(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}
