import {readdirSync, readFileSync} from 'node:fs'

import {until} from './until.ts'

/** A process, identified by pid and start time. */
export interface Process {
  pid: number
  parentPid: number
  /** In clock ticks since the machine started. */
  startTime: string
  argv: readonly string[]
  /** Its role, by its command line. */
  role: 'client' | 'gateway' | 'host' | 'program'
}

/** The running processes whose environment names a home. Linux only. */
export function findProcesses(home: string): readonly Process[] {
  const mark = `HOLDFAST_HOME=${home}\0`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && `${readProcFile(name, 'environ')}\0`.includes(mark))
    .map((name) => findProcess(Number(name)))
    .filter((process) => process !== undefined)
}

/** The running process of a pid; a zombie does not count. */
export function findProcess(pid: number): Process | undefined {
  const stat = readProcFile(pid, 'stat')
  if (stat === '') return undefined
  // The name, in brackets, may contain anything; the fields behind it are regular.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parentPid, startTime] = [fields[0], fields[1], fields[19]]
  if (state === 'Z' || state === 'X' || startTime === undefined) return undefined
  const argv = readProcFile(pid, 'cmdline').split('\0').slice(0, -1)
  return {pid, parentPid: Number(parentPid), startTime, argv, role: roleOf(argv)}
}

/** The process is still running; another one with the same pid does not count. */
export function isAlive({pid, startTime}: Pick<Process, 'pid' | 'startTime'>): boolean {
  return findProcess(pid)?.startTime === startTime
}

/** A signal such as SIGSTOP has stopped the process. */
export function isStopped({pid}: Pick<Process, 'pid'>): boolean {
  return /^State:\s+T/m.test(readProcFile(pid, 'status'))
}

export function waitForExit(process: Process, options: {timeoutMs?: number} = {}): Promise<true> {
  return until(() => !isAlive(process), {...options, what: `the exit of ${describeProcess(process)}`})
}

export function describeProcess({pid, role, argv}: Process): string {
  return `${role} ${pid} (${argv.join(' ')})`
}

/** The peak memory of a running process, bytes. Linux only. */
export function peakMemory(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readProcFile(pid, 'status')) ?? []
  if (kilobytes === undefined) throw new Error(`Expected process ${pid} to live, it is gone`)
  return Number(kilobytes) * 1024
}

function roleOf(argv: readonly string[]): Process['role'] {
  const at = argv.findIndex((arg) => arg.endsWith('/cli.cjs'))
  const subcommand = argv[at + 1]
  // A shell with this command line as an argument is no process of Holdfast.
  if (at === -1 || !argv[0]?.endsWith('node')) return 'program'
  return subcommand === 'gateway' || subcommand === 'host' ? subcommand : 'client'
}

/** Empty if the process is gone, or belongs to another user. */
function readProcFile(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
