import {readFileSync, readlinkSync} from 'node:fs'
import {hostname} from 'node:os'

/** What tells a process from all others, also from a later one of the same pid. */
export interface ProcessIdentity {
  pid: number
  /** When it was started, in clock ticks since the machine was; missing where there is no `/proc`. */
  startTime?: string
  /** The name of the machine, or of the container. */
  machine: string
  /** This run of the machine; missing where there is no `/proc`. */
  boot?: string
  /** The namespace that its pid belongs to; missing where there is no `/proc`. */
  namespace?: string
}

/** `elsewhere`: on another machine or in another container, so nobody here can tell. */
export type ProcessState = 'alive' | 'dead' | 'dead-since-reboot' | 'elsewhere'

/** This process, or another living one of this machine; `undefined` when there is no such process. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity | undefined {
  const stat = readStat(pid)
  if (stat === undefined && (hasProc() || !answersSignals(pid))) return undefined
  const [boot, namespace] = [readBoot(), readNamespace()]
  return {
    pid,
    ...(stat && {startTime: stat.startTime}),
    machine: hostname(),
    ...(boot !== undefined && {boot}),
    ...(namespace !== undefined && {namespace}),
  }
}

/**
 * What became of a process. One that is stopped is alive; one that has ended but was not waited for yet is dead. Where
 * there is no `/proc`, a later process of the same pid is taken for it.
 */
export function processState({pid, startTime, machine, boot, namespace}: ProcessIdentity): ProcessState {
  if (machine !== hostname()) return 'elsewhere'
  if (boot !== readBoot()) return 'dead-since-reboot'
  if (namespace !== readNamespace()) return 'elsewhere'
  if (startTime === undefined) return answersSignals(pid) ? 'alive' : 'dead'
  const stat = readStat(pid)
  return stat && stat.startTime === startTime && !/[ZX]/.test(stat.state) ? 'alive' : 'dead'
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 3 and 22. */
function readStat(pid: number): {state: string; startTime: string} | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The name, in brackets, may hold anything; what follows it is regular.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  return state === undefined || startTime === undefined ? undefined : {state, startTime}
}

let ownBoot: string | undefined

/** Read once: this process does not outlive its machine's run. */
function readBoot(): string | undefined {
  return (ownBoot ??= read('/proc/sys/kernel/random/boot_id')?.trim())
}

function readNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

function hasProc(): boolean {
  return readStat(process.pid) !== undefined
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
