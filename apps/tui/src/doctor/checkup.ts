import {explainDeaths, readCrashLog, type Death} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'

import type {Environment} from './environment.ts'
import {examine} from './examine.ts'
import {findProblems, type Problem} from './find-problems.ts'

/** What the doctor found. */
export interface Checkup {
  deaths: readonly Death[]
  environment: Environment
  problems: readonly Problem[]
}

/** How far back deaths are told of, ms: 7 days. */
const lookBackMs = 7 * 86_400_000

/** Looks at a home, and at the deaths of the last days. `onExamined`: between the two. `now`: epoch ms. */
export async function checkUp(home: string, now: number, onExamined = () => {}): Promise<Checkup> {
  const environment = await examine(home)
  onExamined()
  const deaths = explainDeaths(readCrashLog(homePaths(home).crashLog), {after: now - lookBackMs})
  return {deaths, environment, problems: findProblems(environment)}
}
