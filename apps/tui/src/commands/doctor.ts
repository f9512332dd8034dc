import {explainDeaths, readCrashLog, type Death} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/protocol'

import {beginProcess} from '../begin-process.ts'
import type {Environment} from '../doctor/environment.ts'
import {examine} from '../doctor/examine.ts'
import {findProblems, type Problem} from '../doctor/find-problems.ts'
import {describeCheckup} from '../doctor/describe-checkup.ts'
import {findHome} from '../surroundings.ts'
import {withStandardOutput} from './standard-output.ts'

/** What the doctor found. */
export interface Checkup {
  deaths: readonly Death[]
  environment: Environment
  problems: readonly Problem[]
}

/** How far back deaths are told of, ms: 7 days. */
const lookBackMs = 7 * 86_400_000
/** As long as something is wrong in the environment. */
const problemExitCode = 1

/** Prints the deaths of the last days and why they came, and the environment and what is wrong in it. */
export async function runDoctor(options: {json?: boolean}): Promise<void> {
  const home = findHome()
  const environment = await examine(home)
  // After a look at the home as it was, for this makes it. It tells of those who died without a word, too.
  beginProcess('command')
  const now = Date.now()
  const deaths = explainDeaths(readCrashLog(homePaths(home).crashLog), {after: now - lookBackMs})
  const checkup: Checkup = {deaths, environment, problems: findProblems(environment)}
  const text = options.json ? toJson(checkup) : describeCheckup(checkup, now)
  await withStandardOutput(async ({write}) => write(`${text}\n`))
  if (checkup.problems.length > 0) process.exitCode ||= problemExitCode
}

function toJson({deaths, environment, problems}: Checkup): string {
  const timed = deaths.map(({at, ...death}) => ({at: new Date(at).toISOString(), ...death}))
  return JSON.stringify({deaths: timed, environment, problems})
}
