import type {RunShell} from './run-shell.ts'

/** What a shell prints between its start mark and the program is out by then. */
const START_MS = 50

/** Bytes for the program of a run; those that come before it waits for it. */
export interface ProgramInput {
  /** The program begins. */
  begin(): void
  /** It has ended. */
  end(): void
  /** Without a program, kept if there will be one, else dropped. */
  send(data: Uint8Array, willRun: boolean): void
  readonly waitingBytes: number
  close(): void
}

export function createProgramInput({keyboard, startsLate}: RunShell): ProgramInput {
  const early: Uint8Array[] = []
  let isOpen = false
  let opening: NodeJS.Timeout | undefined

  function open(): void {
    isOpen = true
    for (const data of early.splice(0)) keyboard.send(data)
  }

  return {
    begin() {
      if (startsLate) opening = setTimeout(open, START_MS)
      else open()
    },
    end() {
      clearTimeout(opening)
      isOpen = false
    },
    send(data, willRun) {
      if (isOpen) keyboard.send(data)
      else if (willRun) early.push(data)
    },
    get waitingBytes() {
      return early.reduce((sum, data) => sum + data.length, 0)
    },
    close: () => clearTimeout(opening),
  }
}
