import {isForeground, type ProcessStat} from '../process-stat.ts'

export interface QueryAnswersOptions {
  asker(): Asker
  /** Whether the terminal passes on only whole lines, so that no answer, which has no line end, can be read; undefined if unknown. */
  isByLine(): Promise<boolean | undefined>
  /** The state of the shell's process; undefined where it is unknown. */
  stat(): ProcessStat | undefined
  /** Whether the terminal is not read at the moment. */
  isPaused(): boolean
  type(bytes: Uint8Array): void
}

/**
 * What would ask now: the command that runs; between two commands, `shell` if no job exists, or while the shell draws its prompt;
 * else `job`, which cannot read an answer.
 */
export type Asker = object | 'shell' | 'job'

/** Types the answers to queries of programs, if somebody reads them. Else the shell would take them for keys. */
export interface QueryAnswers {
  take(bytes: Uint8Array): void
  close(): void
}

/** The pause after the first check, ms; each further one is twice as long. */
const FIRST_PAUSE_MS = 5
/** All pauses together take 1.3 s: the time that a program has from its query to its read. */
const MAX_CHECKS = 9
/** Within this time, ms, what the shell has printed is read. */
const SETTLE_MS = 10
/** Answers beyond it are dropped: the program asks, and does not read. */
const MAX_WAITING_BYTES = 4096

export function createQueryAnswers(options: QueryAnswersOptions): QueryAnswers {
  const {asker, isByLine, stat, isPaused, type} = options
  let waiting: Uint8Array[] = []
  let askedBy: Asker | undefined
  let checks = 0
  let isChecking = false
  let timer: NodeJS.Timeout | undefined

  /** `wasOpen`: at the last check, the shell itself was about to read. */
  async function check(wasOpen: boolean): Promise<void> {
    const byLine = await isByLine()
    const isShell = isForeground(stat())
    const isOpen = byLine !== true && !(isShell && isPaused())
    // The shell may be at its prompt, and what says so not read yet.
    const isRead = isOpen && (!isShell || wasOpen)
    checks += 1
    if (asker() !== askedBy || checks > MAX_CHECKS) waiting = []
    else if (isRead) for (const bytes of waiting.splice(0)) type(bytes)
    isChecking = waiting.length > 0
    if (isChecking)
      timer = setTimeout(() => void check(isOpen), isOpen ? SETTLE_MS : FIRST_PAUSE_MS * 2 ** (checks - 1))
  }

  return {
    take(bytes) {
      const now = asker()
      if (now === 'shell') type(bytes)
      if (typeof now === 'string') return
      if (askedBy !== now) waiting = []
      askedBy = now
      checks = 0
      if (waiting.reduce((sum, {length}) => sum + length, bytes.length) <= MAX_WAITING_BYTES) waiting.push(bytes)
      if (isChecking) return
      isChecking = true
      void check(false)
    },
    close() {
      waiting = []
      clearTimeout(timer)
    },
  }
}
