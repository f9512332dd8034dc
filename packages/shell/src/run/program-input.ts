import type {RunShell} from './run-shell.ts'

/** Within this time after its start marker, ms, a shell has printed everything that comes before the program's output. */
const START_MS = 50

const CTRL_C = 0x03

/** The user's input for the program of a run; bytes sent before the program starts wait for it. */
export interface ProgramInput {
  begin(): void
  /** Returns whether a Ctrl-C was typed since the last end. */
  end(): boolean
  /** While no program runs: keeps the bytes if one will, else returns false. */
  send(data: Uint8Array, willRun: boolean): boolean
  /** The program has started, and nothing waits for it. */
  readonly isOpen: boolean
  readonly waitingBytes: number
  close(): void
}

export function createProgramInput({input, hooked}: RunShell): ProgramInput {
  const early: Uint8Array[] = []
  let isOpen = false
  let hasCtrlC = false
  let opening: NodeJS.Timeout | undefined

  function open(): void {
    isOpen = true
    for (const data of early.splice(0)) input.send(data)
  }

  return {
    begin() {
      if (hooked.printsAfterStart) opening = setTimeout(open, START_MS)
      else open()
    },
    end() {
      clearTimeout(opening)
      isOpen = false
      const before = hasCtrlC
      hasCtrlC = false
      return before
    },
    send(data, willRun) {
      hasCtrlC ||= data.includes(CTRL_C)
      if (isOpen) input.send(data)
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
