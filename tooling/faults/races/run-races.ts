import {createRandom} from '../schedule/random.ts'
import {openRaceSession, type RaceSession, type RaceShell} from './race-session.ts'
import {races, type Race} from './races.ts'

export interface RacesOptions {
  /** The built command. */
  cli: string
  seed: number
  /** How often each race is run in each shell that it concerns. */
  runs: number
  jobs: number
  /** Runs the races whose names contain this. */
  race: string
  /** @default all */
  shell?: RaceShell | undefined
  /** Ends the runs of a race in a shell. @default never */
  stopsAt?: (failure: string) => boolean
  print: (line: string) => void
}

/** A log that grows for ever would slow the runs down. */
const runsPerSession = 50
const maxShownLength = 2000

/** Runs each race, and prints how often it failed. */
export async function runRaces(options: RacesOptions): Promise<{runs: number; found: readonly string[]}> {
  const {race: part, shell: only, print} = options
  const failures: string[] = []
  let runs = 0
  for (const race of races.filter(({name}) => name.includes(part))) {
    for (const shell of race.shells.filter((each) => only === undefined || each === only)) {
      const {failed, done} = await runRace(race, shell, options)
      print(`${race.name}: ${shell}: ${failed.length} of ${done} failed`)
      failures.push(...failed)
      runs += done
    }
  }
  return {runs, found: failures}
}

async function runRace(race: Race, shell: RaceShell, options: RacesOptions) {
  const {cli, seed, runs, jobs, stopsAt = () => false, print} = options
  const failed: string[] = []
  let next = seed
  let done = 0

  /** Runs a few times in one session; a failure may have left it in any state. */
  async function runSome(): Promise<void> {
    await using session = await openRaceSession(cli, shell)
    for (let left = runsPerSession; left > 0 && next < seed + runs; left--) {
      const number = next++
      const wrong = await runOnce(race, session, number)
      done += 1
      session.forget()
      if (wrong === undefined) continue
      const failure = `seed ${number}: ${race.name}: ${shell}: ${wrong.slice(-maxShownLength)}`
      failed.push(failure)
      print(failure)
      if (stopsAt(failure)) next = seed + runs
      return
    }
  }
  const work = async () => {
    while (next < seed + runs) await runSome()
  }
  await Promise.all(Array.from({length: Math.min(jobs, runs)}, work))
  return {failed, done}
}

async function runOnce(race: Race, session: RaceSession, seed: number): Promise<string | undefined> {
  try {
    return await race.run(session, createRandom(seed))
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}: ${session.allOutput}`
  }
}
