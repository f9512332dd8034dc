import {explainExits, readCrashLog, type ExplainedExit} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'

import type {HomeFault} from '../process/prepare-home.ts'
import type {Environment} from './environment.ts'
import {findProblems, type Problem} from './find-problems.ts'
import {inspectEnvironment} from './inspect-environment.ts'

export interface Checkup {
  exits: readonly ExplainedExit[]
  /** Lines of the crash log that could not be read. */
  skippedLines: number
  environment: Environment
  problems: readonly Problem[]
}

const noCrashLog = {breadcrumbs: [], skippedLines: 0}

/** 7 days. */
const maxExitAgeMs = 7 * 86_400_000

/**
 * Inspects a home, and explains the exits of the last 7 days. `onInspected` is called between the two, and may return a fault
 * that only using the home shows. `now`: epoch ms.
 */
export async function checkUp(
  home: string,
  now: number,
  onInspected = (): HomeFault | undefined => undefined,
): Promise<Checkup> {
  const environment = await inspectEnvironment(home)
  const fault = onInspected()
  if (fault !== undefined) environment.home.fault ??= fault
  const isRefused = environment.home.fault !== undefined
  const {breadcrumbs, skippedLines} = isRefused ? noCrashLog : readCrashLog(homePaths(home).crashLog)
  const exits = explainExits(breadcrumbs, {after: now - maxExitAgeMs})
  return {exits, skippedLines, environment, problems: findProblems(environment)}
}
