import {toJsonLine} from '@holdfast/terminal'
import {beginProcess} from '../../process/begin-process.ts'
import {checkUp, type Checkup} from '../../doctor/checkup.ts'
import {describeCheckup} from '../../doctor/describe-checkup.ts'
import {describeCrashLog} from '../../doctor/describe-crash-log.ts'
import {printLines} from '../../process/standard-output.ts'
import {findHome} from '../../process/find-home.ts'
import {prepareHome} from '../../process/prepare-home.ts'

/** While there is a problem. */
const problemExitCode = 1

/** Prints the end of the crash log, the exits of the last days with their causes, the environment, and its problems. */
export async function runDoctor(options: {json?: boolean}): Promise<void> {
  const home = findHome()
  const now = Date.now()
  // Begins the record after inspecting the home as it was, since that creates it. It also records exits that nothing recorded yet.
  const checkup = await checkUp(home, now, () => {
    const fault = prepareHome(home)
    if (fault === undefined) beginProcess('command')
    return fault
  })
  const text = options.json ? toJson(checkup) : toText(checkup, home, now)
  await printLines([text])
  if (checkup.problems.length > 0) process.exitCode ||= problemExitCode
}

function toText(checkup: Checkup, home: string, now: number): string {
  const isRefused = checkup.environment.home.fault !== undefined
  const crashLog = isRefused ? ['It is not read: see the problem below.'] : describeCrashLog(home)
  return ['Crash log', ...crashLog.map((line) => `  ${line}`), describeCheckup(checkup, now)].join('\n')
}

function toJson({exits, ...rest}: Checkup): string {
  const timed = exits.map(({at, ...exit}) => ({time: new Date(at).toISOString(), ...exit}))
  return toJsonLine({exits: timed, ...rest})
}
