import {readProc, readProcessStat} from '../process-stat.ts'
import type {InputCondition, InputObstacle} from '../shell.ts'
import type {TerminalSettings} from './parse-settings.ts'
import {readTerminalSettings} from './terminal-settings.ts'
import {terminalOf, waitOf, waitReasonOfProcess, type WaitReason} from './terminal-wait.ts'

export interface ReaderFacts {
  reason: WaitReason
  /** Read while the program waited. Undefined if that failed. */
  settings: TerminalSettings | undefined
  /** The program slept without a break from before the settings were read until now: it has not changed them since. */
  hasSlept: boolean
}

/** What is in the way of hidden input. */
export function judgeHiddenReader({reason, settings, hasSlept}: ReaderFacts): InputObstacle | undefined {
  if (reason === 'otherwise') return 'not-reading'
  if (settings === undefined) return 'unknown'
  if (!settings.isByLine) return 'by-key'
  if (settings.echo) return 'echo'
  return hasSlept ? undefined : 'not-reading'
}

/** What is in the way of a key that the terminal shows. */
export function judgeKeyReader({reason, settings, hasSlept}: ReaderFacts): InputObstacle | undefined {
  if (reason === 'otherwise') return 'not-reading'
  if (settings === undefined) return 'unknown'
  if (settings.isByLine) return 'by-line'
  if (!settings.echo) return 'by-key'
  return hasSlept ? undefined : 'not-reading'
}

export interface AnswerWatch {
  /**
   * What is in the way of input for the foreground program of the shell. A program that has not woken up since it was given a
   * line or a key does not read the next one yet. Without /proc, nothing is known to be in the way of `reads`.
   */
  findObstacle(condition: InputCondition): Promise<InputObstacle | undefined>
  /**
   * Whether the program that was found last still reads, and, with `hidden` or `key`, has not changed the terminal's settings: it has slept
   * since. A program with timers of its own wakes up now and then; the shell does so only when it has read its line, and may be at
   * its prompt now.
   */
  stillReads(condition: InputCondition): boolean
  /** This was typed for the program that was found last. */
  noteTyped(data: Uint8Array): void
}

export function createAnswerWatch(shellPid: number): AnswerWatch {
  /** The sleep in which the last reader was found, and the one in which a reader was given a line. */
  let found: (Sleep & {terminal: string; isByKey: boolean}) | undefined
  let answered: Sleep | undefined

  return {
    async findObstacle(condition) {
      found = undefined
      const stat = readProcessStat(shellPid)
      const terminal = terminalOf(shellPid)
      if (stat === undefined || terminal === undefined) return condition === 'reads' ? undefined : 'unknown'
      const {id} = waitOf(stat.foregroundGroup, terminal, shellPid)
      const sleep = sleepOf(id)
      const reason = waitReasonOfProcess(id, terminal)
      const settings =
        reason === 'otherwise' || condition === 'reads' ? undefined : await readTerminalSettings(terminal)
      const hasSlept = sleep !== undefined && sleepOf(id) === sleep
      const obstacle = judge[condition]({reason, settings, hasSlept})
      if (obstacle !== undefined) return obstacle
      found = {id, sleep, terminal, isByKey: condition === 'key'}
      return id === answered?.id && sleep === answered.sleep ? 'not-reading' : undefined
    },
    stillReads(condition) {
      // Without /proc, nothing is known against it.
      if (found === undefined) return condition === 'reads'
      const {id, sleep, terminal} = found
      if (condition !== 'reads' || id === shellPid) return sleepOf(id) === sleep
      return waitReasonOfProcess(id, terminal) !== 'otherwise'
    },
    noteTyped(data) {
      if (found !== undefined && (found.isByKey || data.some((byte) => LINE_ENDS.has(byte)))) answered = found
    },
  }
}

const judge: Readonly<Record<InputCondition, (facts: ReaderFacts) => InputObstacle | undefined>> = {
  reads: ({reason, hasSlept}) => (reason === 'otherwise' || !hasSlept ? 'not-reading' : undefined),
  hidden: judgeHiddenReader,
  key: judgeKeyReader,
}

/** Of a thread. */
interface Sleep {
  id: number
  sleep: string | undefined
}

/** A terminal passes on a line at Enter, and at Ctrl-D. */
const LINE_ENDS: ReadonlySet<number> = new Set([0x0a, 0x0d, 0x04])

/** Identifies one uninterrupted sleep of a thread: how often it has left the processor. Undefined while it does not sleep. */
function sleepOf(id: number): string | undefined {
  if (readProcessStat(id)?.isSleeping !== true) return undefined
  return /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readProc(`${id}/status`) ?? '')?.[1]
}
