import type {LineReading} from '../activity/line-reading.ts'
import {isWaiting, type ProcessStat} from '../process-stat.ts'
import {judgeSilence} from './judge-silence.ts'

export interface SilenceWatchOptions {
  /** The state of the shell's process; undefined where it is unknown. */
  stat(): ProcessStat | undefined
  readLine(): Promise<LineReading>
  /** Whether output or input is on its way: then silence means nothing. */
  isHeldUp(): boolean
  /** Types the keys that ask the line editor for the hooks; undefined if it cannot be asked now. */
  ask(): (() => void) | undefined
  /** The shell waits for a command, although no marker said so. May be called again while that does not change. */
  onPrompt(reading: LineReading): void
}

/** Detects that a shell waits for a command, although no marker said so. */
export interface SilenceWatch {
  /** Something was printed, typed, or reported by a marker. */
  note(): void
  /** The shell has printed this. */
  noteOutput(): void
  /** The shell has answered that it has the hooks. */
  noteHooked(): void
  close(): void
}

const CHECK_MS = 200
/** The same after a long silence, so that a long command costs little. */
const LONG_CHECK_MS = 500
const LONG_SILENCE_MS = 5000
/** What is printed within this time after the question is taken for the reaction to it: a line editor draws its line again. */
const REACTION_MS = 500

export function createSilenceWatch(options: SilenceWatchOptions): SilenceWatch {
  const {stat, readLine, isHeldUp, ask, onPrompt} = options
  let notedAt = performance.now()
  let askedAt: number | undefined
  let isHooked = false
  /** The last check found the shell at a prompt. Pending output is read between two checks, so that one proves nothing. */
  let isSuspected = false
  let isClosed = false
  let timer = setTimeout(() => void check(), CHECK_MS)

  function note(): void {
    notedAt = performance.now()
    askedAt = undefined
    isHooked = isSuspected = false
  }

  async function check(): Promise<void> {
    if (isHeldUp()) note()
    const since = notedAt
    const reading = isWaiting(stat()) ? await readLine() : 'none'
    if (isClosed) return
    if (since === notedAt) act(reading)
    const isLong = !isSuspected && askedAt === undefined && performance.now() - notedAt > LONG_SILENCE_MS
    timer = setTimeout(() => void check(), isLong ? LONG_CHECK_MS : CHECK_MS)
  }

  function act(reading: LineReading): void {
    const now = performance.now()
    const typeQuestion = ask()
    const verdict = judgeSilence({
      quietMs: now - notedAt,
      reading,
      canAsk: typeQuestion !== undefined,
      askedMs: askedAt === undefined ? undefined : now - askedAt,
      isHooked,
    })
    if (verdict === 'ask') {
      askedAt = now
      typeQuestion?.()
    }
    if (verdict === 'at-prompt' && isSuspected) onPrompt(reading)
    isSuspected = verdict === 'at-prompt'
  }

  return {
    note,
    noteOutput() {
      if (askedAt === undefined || performance.now() - askedAt > REACTION_MS) note()
    },
    noteHooked: () => void (isHooked = true),
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
