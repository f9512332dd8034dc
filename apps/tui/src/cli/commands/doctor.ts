import {beginProcess} from '../../process/begin-process.ts'
import {checkUp, type Checkup} from '../../doctor/checkup.ts'
import {describeCheckup} from '../../doctor/describe-checkup.ts'
import {withStandardOutput} from '../../process/standard-output.ts'
import {findHome} from '../../process/find-home.ts'

/** As long as something is wrong in the environment. */
const problemExitCode = 1

/** Prints the deaths of the last days and why they came, and the environment and what is wrong in it. */
export async function runDoctor(options: {json?: boolean}): Promise<void> {
  const home = findHome()
  const now = Date.now()
  // After a look at the home as it was, for this makes it. It tells of those who died without a word, too.
  const checkup = await checkUp(home, now, () => beginProcess('command'))
  const text = options.json ? toJson(checkup) : describeCheckup(checkup, now)
  await withStandardOutput(async ({write}) => write(`${text}\n`))
  if (checkup.problems.length > 0) process.exitCode ||= problemExitCode
}

function toJson({deaths, environment, problems}: Checkup): string {
  const timed = deaths.map(({at, ...death}) => ({at: new Date(at).toISOString(), ...death}))
  return JSON.stringify({deaths: timed, environment, problems})
}
