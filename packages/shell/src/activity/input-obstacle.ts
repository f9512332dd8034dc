import {readProc, readProcessStat} from '../process-stat.ts'
import type {InputCondition, InputObstacle} from '../shell.ts'
import {readTerminalSettings, type TerminalSettings} from './terminal-settings.ts'
import {terminalOf, waitOf, type WaitReason} from './terminal-wait.ts'

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

/** What is in the way of input for the foreground program of this shell. Without /proc, nothing is known to be in the way of `reads`. */
export async function findObstacle(shellPid: number, condition: InputCondition): Promise<InputObstacle | undefined> {
  const stat = readProcessStat(shellPid)
  const terminal = terminalOf(shellPid)
  if (stat === undefined || terminal === undefined) return condition === 'hidden' ? 'unknown' : undefined
  const {reason, id} = waitOf(stat.foregroundGroup, terminal)
  if (condition === 'reads') return reason === 'otherwise' ? 'not-reading' : undefined
  const sleep = sleepOf(id)
  const settings = reason === 'otherwise' ? undefined : await readTerminalSettings(terminal)
  return judgeHiddenReader({reason, settings, hasSlept: sleep !== undefined && sleepOf(id) === sleep})
}

/** Identifies one uninterrupted sleep of a thread: how often it has left the processor. Undefined while it does not sleep. */
function sleepOf(id: number): string | undefined {
  if (readProcessStat(id)?.isSleeping !== true) return undefined
  return /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readProc(`${id}/status`) ?? '')?.[1]
}
