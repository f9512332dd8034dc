import {mkdtempSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {damageLog} from './damage-file.ts'
import {findWrong, freshCommand} from './find-wrong.ts'
import {hostStates, planDamage, type Damage, type HostState} from './plan-damage.ts'
import {linesOf, runCommand, type CommandResult} from './run-command.ts'
import {copySampleHome, createSampleHome, endHosts, logOf, type SampleHome} from './sample-home.ts'

export interface DamagedOptions {
  cli: string
  /** The seed of the first damage; each further one has the next seed. */
  seed: number
  runs: number
  jobs: number
  /** Whether what was found is enough. @default after all runs */
  stopsAt?: (wrong: readonly string[]) => boolean
  print: (line: string) => void
}

interface DamagedResult {
  damage: Damage
  /** `unharmed`: all was shown as before; `reported`: what is lost was reported, and the session goes on; `refused`: it cannot. */
  outcome: 'unharmed' | 'reported' | 'refused'
  wrong: readonly string[]
}

/**
 * Damages logs at random, uses their sessions by way of the built command, and checks what users are shown. Returns what
 * was wrong. Prints each failure, and how to repeat it.
 */
export async function runDamaged(options: DamagedOptions): Promise<{runs: number; wrong: readonly string[]}> {
  const {cli, seed, runs, jobs, stopsAt = () => false, print} = options
  const startedAt = performance.now()
  const folder = mkdtempSync('/tmp/hf-')
  const results: DamagedResult[] = []
  const allWrong = () => results.flatMap(({wrong}) => wrong)
  try {
    const samples: Record<HostState, SampleHome> = {
      ended: await createSampleHome(cli, mkdtempSync(join(folder, 'e')), 'SIGTERM'),
      killed: await createSampleHome(cli, mkdtempSync(join(folder, 'k')), 'SIGKILL'),
      live: await createSampleHome(cli, mkdtempSync(join(folder, 'l')), 'SIGTERM'),
    }
    let next = seed
    const work = async () => {
      while (next < seed + runs && !stopsAt(allWrong())) {
        const damage = planDamage(next++)
        const result = await runOne(damage, samples[damage.hostState], join(folder, String(damage.seed)))
        results.push(result)
        if (result.wrong.length > 0) {
          print(
            [
              `seed ${damage.seed}: ${JSON.stringify(damage)}`,
              ...result.wrong.slice(0, maxPrinted).map((line) => `  ${line}`),
            ].join('\n'),
          )
        }
        if (results.length % 50 === 0) print(`${results.length} damaged logs`)
      }
    }
    await Promise.all(Array.from({length: jobs}, work))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
  for (const line of tableOf(results, performance.now() - startedAt)) print(line)
  const failed = results.filter(({wrong}) => wrong.length > 0)
  if (failed.length > 0) {
    print(`repeat one with: npm run faults -- --damage --seed ${failed[0]!.damage.seed} --runs 1`)
  }
  return {runs: results.length, wrong: allWrong()}
}

/** Lines printed of what is wrong after one damage. */
const maxPrinted = 4

/** How many times to run the next command: the first host may find the damage, and the next one repair it. */
const maxRuns = 3

async function runOne(damage: Damage, sample: SampleHome, folder: string): Promise<DamagedResult> {
  const home = copySampleHome(sample, folder)
  const {id} = home.damaged
  const holdfast = (...args: string[]) => runCommand(args, home)
  const run = () => holdfast('run', '--session', id, '--', freshCommand)
  try {
    let before = home.damaged.events
    if (damage.hostState === 'live') {
      await holdfast('run', '--session', id, '--', 'echo live')
      before = linesOf((await holdfast('show', '--json', id)).stdout)
    }
    const file = damageLog(logOf(home), damage)
    const ls = await holdfast('ls', '--json')
    const show = await holdfast('show', '--json', id)
    const doctor = await holdfast('doctor')
    const runs: CommandResult[] = []
    do runs.push(await run())
    while (runs.at(-1)!.code !== 0 && runs.length < maxRuns)
    let showAfter = await holdfast('show', '--json', id)
    if (runs.at(-1)!.code === 0 && showAfter.code !== 0) {
      // A host that lives needs nothing of what is damaged; the next one repairs the log.
      await endHosts(home.home, 'SIGKILL')
      await holdfast('run', '--session', id, '--', 'echo next')
      showAfter = await holdfast('show', '--json', id)
    }
    const wrong = findWrong({
      sessionId: id,
      before,
      otherBefore: home.other.events,
      isEndCut: file.endsWith('-wal') && (damage.change.kind === 'truncate' || damage.change.kind === 'remove'),
      ls,
      show,
      doctor,
      runs,
      showAfter,
      otherShow: await holdfast('show', '--json', home.other.id),
      rest: [await holdfast('search', 'apple'), await holdfast('ls')],
    })
    const isUnharmed = show.stdout.startsWith(before.join('\n'))
    return {damage, outcome: runs.at(-1)!.code !== 0 ? 'refused' : isUnharmed ? 'unharmed' : 'reported', wrong}
  } catch (error) {
    return {
      damage,
      outcome: 'refused',
      wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }
  } finally {
    await endHosts(home.home, 'SIGKILL')
    rmSync(folder, {recursive: true, force: true})
  }
}

function tableOf(results: readonly DamagedResult[], ms: number): string[] {
  const count = (matches: (result: DamagedResult) => boolean) => results.filter(matches).length
  const kinds = [...new Set(results.map(({damage}) => damage.change.kind))].toSorted()
  const rows: [string, number][] = [
    ['damaged logs', results.length],
    ...hostStates.map((state): [string, number] => [`host ${state}`, count(({damage}) => damage.hostState === state)]),
    ...kinds.map((kind): [string, number] => [kind, count(({damage}) => damage.change.kind === kind)]),
    ...(['unharmed', 'reported', 'refused'] as const).map((outcome): [string, number] => [
      outcome,
      count((result) => result.outcome === outcome),
    ]),
    ['wrong', count(({wrong}) => wrong.length > 0)],
    ['seconds', Math.round(ms / 1000)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(20)}${String(value).padStart(8)}`)
}
