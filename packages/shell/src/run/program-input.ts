import {membersBelow} from '../group-members.ts'
import {readStatFields} from '../process-stat.ts'
import type {RunShell} from './run-shell.ts'

/** Within this time after its start marker, ms, a shell has printed everything that comes before the program's output. */
const START_MS = 50

const CTRL_C = 0x03
const CTRL_Z = 0x1a

/** The user's input for the program of a run; bytes sent before the program starts wait for it. */
export interface ProgramInput {
  begin(): void
  /** The program has ended. Returns whether Ctrl-C was typed while it ran, and whether Ctrl-Z has stopped it. */
  end(): {hasCtrlC: boolean; hasStopped: boolean}
  /** While no program runs: keeps the bytes if one will, else returns false. */
  send(data: Uint8Array, willRun: boolean): boolean
  /** The program has started, and nothing waits for it. */
  readonly isOpen: boolean
  readonly waitingBytes: number
  close(): void
}

export function createProgramInput(shell: RunShell): ProgramInput {
  const {input, hooked} = shell
  const early: Uint8Array[] = []
  let isOpen = false
  let hasCtrlC = false
  /** The process groups for which Ctrl-Z was typed: it stops them, or is a key for them. */
  const stoppable = new Set<number>()
  let opening: NodeJS.Timeout | undefined

  function type(data: Uint8Array): void {
    const stat = hooked.reportsNoStop && data.includes(CTRL_Z) ? shell.stat() : undefined
    if (stat) stoppable.add(stat.foregroundGroup)
    input.send(data)
  }

  function open(): void {
    isOpen = true
    for (const data of early.splice(0)) type(data)
  }

  function hasStopped(): boolean {
    const root = stoppable.size > 0 ? shell.stat()?.pid : undefined
    if (root === undefined) return false
    const members = [...stoppable].flatMap((group) => membersBelow(root, group))
    return members.some((pid) => readStatFields(pid)?.[0] === 'T')
  }

  return {
    begin() {
      if (hooked.printsAfterStart) opening = setTimeout(open, START_MS)
      else open()
    },
    end() {
      clearTimeout(opening)
      isOpen = false
      const typed = {hasCtrlC, hasStopped: hasStopped()}
      hasCtrlC = false
      stoppable.clear()
      return typed
    },
    send(data, willRun) {
      hasCtrlC ||= data.includes(CTRL_C)
      if (isOpen) type(data)
      else if (willRun) early.push(data)
      return isOpen || willRun
    },
    get isOpen() {
      return isOpen
    },
    get waitingBytes() {
      return early.reduce((sum, data) => sum + data.length, 0)
    },
    close: () => clearTimeout(opening),
  }
}
