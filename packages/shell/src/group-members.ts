import {readdirSync} from 'node:fs'

import {readProc, readStatFields} from './process-stat.ts'

/** Of more processes below a shell, or next to it, the rest is not searched. */
const MAX_FOUND = 1000
/** On a machine with more processes whose kernel does not list children, only the leader of a group is found. */
const MAX_PROCESSES = 5000
/** Of a process with more threads, the rest is not inspected. */
const MAX_THREADS = 64
const INIT = 1

/**
 * The processes of a group that descend from a process. Reading all processes takes as long as a user may wait for Ctrl-C: 0.1 s
 * for 2000 of them on a busy machine.
 */
export function membersBelow(root: number, group: number): number[] {
  return walk([root])?.filter((pid) => groupOf(pid) === group) ?? searchAll(group)
}

/** The processes of a group of a shell's terminal, in ascending order. */
export function membersOf(group: number, shell: number): number[] {
  const isMember = (pid: number) => groupOf(pid) === group
  return (
    familyOf(shell, isMember)
      ?.filter(isMember)
      .sort((one, other) => one - other) ?? searchAll(group)
  )
}

/**
 * A shell, the processes below it, and those whose parent has exited, if `isOrphan` holds, with what is below them: the kernel gives
 * them to `init` or to another ancestor of the shell. Undefined where the kernel does not list children.
 */
export function familyOf(shell: number, isOrphan: (pid: number) => boolean): number[] | undefined {
  const adopted = new Set([INIT, ...ancestorsOf(shell)].flatMap((pid) => childrenOf(pid) ?? []))
  return walk([shell, ...[...adopted].slice(0, MAX_FOUND).filter(isOrphan)])
}

/** The threads of a process; the id of the main one is that of the process. */
export function threadsOf(pid: number): number[] {
  return listNumbers(`/proc/${pid}/task`).slice(0, MAX_THREADS)
}

/** Processes with all their descendants. Undefined where the kernel does not list children. */
function walk(roots: readonly number[]): number[] | undefined {
  const found = new Set(roots)
  for (const pid of found) {
    const children = childrenOf(pid)
    if (children === undefined && pid === roots[0]) return undefined
    for (const child of children ?? []) if (found.size < MAX_FOUND) found.add(child)
  }
  return [...found]
}

/** Undefined where the kernel does not list them, or the process is gone. Each thread may have started some. */
export function childrenOf(pid: number): number[] | undefined {
  const lists = threadsOf(pid).map((thread) => readProc(`${pid}/task/${thread}/children`))
  if (lists.every((list) => list === undefined)) return undefined
  return lists.flatMap((list) => list?.split(' ') ?? []).flatMap((child) => (child === '' ? [] : [Number(child)]))
}

function ancestorsOf(pid: number): number[] {
  const ancestors = new Set<number>()
  for (let parent = parentOf(pid); parent > 0 && !ancestors.has(parent); parent = parentOf(parent))
    ancestors.add(parent)
  return [...ancestors]
}

function searchAll(group: number): number[] {
  const pids = listNumbers('/proc')
  return pids.length > MAX_PROCESSES ? [group] : pids.filter((pid) => groupOf(pid) === group)
}

function listNumbers(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

const parentOf = (pid: number) => Number(readStatFields(pid)?.[1] ?? 0)
const groupOf = (pid: number) => Number(readStatFields(pid)?.[2])
