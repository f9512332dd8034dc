import {execFileSync} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, relative} from 'node:path'

import {runDamaged} from '../damage/run-damaged.ts'
import {runFleet} from '../fleet/run-fleet.ts'
import {runMany} from '../run/run-many.ts'
import {runRaces} from '../races/run-races.ts'
import {findBuild, type BuildUnderTest} from '../session/build-under-test.ts'
import type {PlantedBug} from './planted-bug.ts'
import {plantedBugs} from './planted-bugs.ts'

export interface PlantedOptions {
  /** The work tree. It is not changed. */
  root: string
  seed: number
  /** Each bug must be found within this number of runs. */
  runs: number
  jobs: number
  /** Plants the bugs whose names contain this. */
  bug: string
  print: (line: string) => void
}

/**
 * Plants each bug in a copy of the sources, builds it, and runs schedules, or damages logs, until the check that is meant for the bug reports
 * it. Returns whether every bug was found.
 */
export async function runPlanted({root, seed, runs, jobs, bug: part, print}: PlantedOptions): Promise<boolean> {
  let allFound = true
  for (const bug of plantedBugs.filter(({name}) => name.includes(part))) {
    const copy = plant(bug, root)
    try {
      const isMeant = (violation: string) => bug.violation.test(violation)
      // A hanging run, for example, does not count.
      const stopsAt = (found: readonly string[]) => found.some(isMeant)
      const common = {seed, runs, jobs, stopsAt, print: () => undefined}
      const build = findBuild(copy)
      const {runs: done, found: all} = await findIn(bug, build, common)
      const found = all.find(isMeant)
      allFound &&= found !== undefined
      print(
        found === undefined
          ? `NOT FOUND in ${done} runs: ${bug.name}`
          : `found in ${done} runs: ${bug.name}\n    ${found}`,
      )
    } finally {
      rmSync(copy, {recursive: true, force: true})
    }
  }
  return allFound
}

interface Runs {
  seed: number
  runs: number
  jobs: number
  stopsAt: (found: readonly string[]) => boolean
  print: (line: string) => void
}

/** Runs what is meant to find the bug until something is found. */
async function findIn(
  {inAgents, inDamage, inFleet, inRace}: PlantedBug,
  build: BuildUnderTest,
  options: Runs,
): Promise<{runs: number; found: readonly string[]}> {
  const {cli} = build
  if (inRace) {
    const {stopsAt} = options
    return await runRaces({...options, ...inRace, cli, stopsAt: (failure) => stopsAt([failure])})
  }
  if (inDamage) {
    const {runs, wrong} = await runDamaged({...options, cli})
    return {runs, found: wrong}
  }
  if (inFleet) {
    const {runs, violations} = await runFleet({...options, build})
    return {runs, found: violations}
  }
  const answerer = inAgents && 'agent'
  const {runs, violations} = await runMany({...options, build, answerer, shrinks: false})
  return {runs, found: violations}
}

/** Builds a copy of the work tree with the bug in it. Throws where the bug no longer fits the sources. */
function plant({name, changes}: PlantedBug, root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-planted-'))
  for (const part of ['packages', 'apps', 'tooling', 'package.json']) {
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      // Links between packages are relative, and so stay within the copy.
      verbatimSymlinks: true,
      // No bug is in the page, which is not built again.
      filter: (path) => !/(^|\/)dist(\/|$)/.test(relative(root, path).replace('apps/web/dist', '')),
    })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const {file, find, replace} of changes) {
    const path = join(copy, file)
    const source = readFileSync(path, 'utf8')
    if (source.split(find).length !== 2) {
      throw new Error(`the planted bug “${name}” does not fit ${file} in one place: change it with the sources`)
    }
    writeFileSync(
      path,
      source.replace(find, () => replace),
    )
  }
  execFileSync('npm', ['--silent', '--prefix', join(copy, 'apps/tui'), 'run', 'build'], {stdio: 'inherit'})
  return copy
}
