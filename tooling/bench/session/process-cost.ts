import {readdirSync, readFileSync} from 'node:fs'

/** Resident memory of a living process, MiB: now, or the most that it ever had. RSS: what it shares counts, too. */
export function memoryOf(pid: number, which: 'now' | 'peak' = 'now'): number {
  const name = which === 'now' ? 'VmRSS' : 'VmHWM'
  const [, kilobytes] =
    new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kilobytes === undefined) throw new Error(`Expected process ${pid} to live, it is gone`)
  return Number(kilobytes) / 1024
}

/** How often the threads of a process were put on a processor because they had something to do. */
export function wakeupsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')
    return sum + Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1])
  }, 0)
}
