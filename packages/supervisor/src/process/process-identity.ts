import {readlinkSync} from 'node:fs'
import {hostname} from 'node:os'

import {readText} from './read-text.ts'

/** Identifies a process, also against a later one with the same pid. */
export interface ProcessIdentity {
  pid: number
  /** Clock ticks from the boot of the machine to its start; missing without `/proc`. */
  startTime?: string | undefined
  /** The host name of the machine or container. */
  machine: string
  /** The boot id of the machine; missing without `/proc`. */
  boot?: string | undefined
  /** The PID namespace; missing without `/proc`. */
  namespace?: string | undefined
}

/** `elsewhere`: on another machine or in another container, where its state cannot be seen from here. */
export type ProcessState = 'alive' | 'dead' | 'dead-since-reboot' | 'elsewhere'

/** The identity of this process, or of another one on this machine; `undefined` when no such process runs. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity | undefined {
  const stat = readStat(pid)
  if (stat === undefined && (hasProc() || !answersSignals(pid))) return undefined
  return {
    pid,
    startTime: stat?.startTime,
    machine: hostname(),
    boot: readBootId(),
    namespace: readNamespace(),
  }
}

/**
 * A stopped process is alive; a zombie is dead. Without `/proc` (macOS), a later process with the same pid is mistaken for
 * it.
 */
export function processState({pid, startTime, machine, boot, namespace}: ProcessIdentity): ProcessState {
  if (machine !== hostname()) return 'elsewhere'
  if (boot !== readBootId()) return 'dead-since-reboot'
  if (namespace !== readNamespace()) return 'elsewhere'
  if (startTime === undefined) return answersSignals(pid) ? 'alive' : 'dead'
  const stat = readStat(pid)
  return stat && stat.startTime === startTime && !/[ZX]/.test(stat.state) ? 'alive' : 'dead'
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 3 and 22. */
function readStat(pid: number): {state: string; startTime: string} | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The name, in parentheses, may contain anything; the fields after it are regular.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  return state === undefined || startTime === undefined ? undefined : {state, startTime}
}

let ownBoot: string | undefined

/** The boot id of the machine; `undefined` without `/proc`. Read once: it does not change while this process runs. */
export function readBootId(): string | undefined {
  return (ownBoot ??= readText('/proc/sys/kernel/random/boot_id'))
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
