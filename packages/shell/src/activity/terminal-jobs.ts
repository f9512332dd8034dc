import {readdirSync, readlinkSync} from 'node:fs'

import {childrenOf, familyOf} from '../group-members.ts'
import {readStatFields} from '../process-stat.ts'
import {terminalOf} from './terminal-wait.ts'

/** Knows whether processes other than a shell may print to its terminal, while the shell itself runs no command. */
export interface JobWatch {
  /** Looks now: the shell has drawn its prompt, and is idle. */
  notePromptDrawn(): void
  /** Looks now, at the prompt: a line is typed, whose command may leave processes behind. */
  noteTyping(): void
  /** Whether there were jobs at one of the last two looks: one that has ended may have printed in between. */
  mayExist(): boolean
}

/**
 * Processes whose parent has exited are searched when the shell is idle, as that takes some milliseconds. While lines are typed
 * faster than that, at most this often, ms.
 */
const SEARCH_MS = 200

/** Finds nothing where there is no /proc. */
export function createJobWatch(pid: number): JobWatch {
  let [last, before] = [false, false]
  let searchedAt = -Infinity
  let hasRun = true
  let hasOrphans = false

  function searchOrphans(path: string | undefined): boolean {
    hasRun = false
    searchedAt = performance.now()
    const terminal = readStatFields(pid)?.[4]
    if (terminal === undefined) return false
    const isOfTerminal = (each: number) => {
      const fields = readStatFields(each)
      // In a container whose first process does not reap them, orphans that have ended stay for ever.
      return fields?.[4] === terminal && fields[0] !== 'Z'
    }
    const isJob = (each: number) => each !== pid && isOfTerminal(each) && mayPrint(each, path)
    return (hasOrphans = familyOf(pid, isOfTerminal)?.some(isJob) ?? false)
  }

  function look(mustSearch: boolean): void {
    before = last
    const path = terminalOf(pid)
    const children = childrenOf(pid) ?? []
    last = children.some((each) => mayPrint(each, path)) || (mustSearch ? searchOrphans(path) : hasOrphans)
  }

  return {
    notePromptDrawn: () => look(hasRun),
    noteTyping() {
      look(hasRun && performance.now() - searchedAt >= SEARCH_MS)
      hasRun = true
    },
    mayExist: () => last || before,
  }
}

/**
 * Whether a process has the terminal open, not only as its stdin. One that prints into a file has not, nor has one in a terminal of
 * its own: zsh prompts keep such workers (`zpty`). One that ends during the look, as the programs of a prompt do, prints no more.
 */
function mayPrint(pid: number, terminal = '/dev/tty'): boolean {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).some((fd) => fd !== '0' && [terminal, '/dev/tty'].includes(fileOf(`${folder}/${fd}`)))
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    // The descriptors of another user's process cannot be read: it may print.
    return code === 'EACCES' || code === 'EPERM'
  }
}

/** The path of an open file; empty if the process has closed it since. */
function fileOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
