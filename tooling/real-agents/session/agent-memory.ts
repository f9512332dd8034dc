import {readFileSync} from 'node:fs'

import {findSurvivors} from '@holdfast/acp'

/** The memory that the processes with the mark of a session do not share with others, bytes. */
export function agentMemory(mark: string): number {
  return findSurvivors(mark).reduce((sum, {pid}) => sum + privateBytes(pid), 0)
}

function privateBytes(pid: number): number {
  try {
    const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').matchAll(/^Private_(?:Clean|Dirty):\s*(\d+) kB$/gm)
    return [...lines].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0)
  } catch {
    // It is gone.
    return 0
  }
}
