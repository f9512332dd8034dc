import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, relative} from 'node:path'

import {plantedBugs, type PlantedBug} from './planted-bugs.ts'
import {productIn} from './product.ts'
import {runMany} from './run-many.ts'

export interface PlantedOptions {
  /** The work tree. It is not changed. */
  root: string
  seed: number
  /** A bug must be found in so many runs. */
  runs: number
  jobs: number
  /** Part of the names of those that are planted; '' for all. */
  bug: string
  print: (line: string) => void
}

/**
 * Plants each bug in a copy of the sources, builds it, and lets the harness look for it. True when each was found, by the
 * check that is there for it.
 */
export async function runPlanted({root, seed, runs, jobs, bug: part, print}: PlantedOptions): Promise<boolean> {
  const missed: string[] = []
  for (const bug of plantedBugs.filter(({name}) => name.includes(part))) {
    const copy = plant(bug, root)
    try {
      const {runs: done, violations} = await runMany({
        product: productIn(copy),
        seed,
        runs,
        minutes: 600,
        jobs,
        isExplained: false,
        // Not by chance, nor by a sign that something hangs: by the check that is there for it.
        isWanted: (found) => found.some((violation) => bug.violation.test(violation)),
        print: () => undefined,
      })
      const found = violations.find((violation) => bug.violation.test(violation))
      if (found === undefined) missed.push(bug.name)
      print(
        found === undefined
          ? `NOT FOUND in ${done} runs: ${bug.name}`
          : `found in ${done} runs: ${bug.name}\n    ${found}`,
      )
    } finally {
      rmSync(copy, {recursive: true, force: true})
    }
  }
  return missed.length === 0
}

/** A copy of the work tree with the bug in it, built. Throws where the bug does not fit the sources any more. */
function plant({name, changes}: PlantedBug, root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-planted-'))
  for (const part of ['packages', 'apps', 'tooling', 'package.json']) copyPart(root, copy, part)
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const {file, find, replace} of changes) {
    const path = join(copy, file)
    const source = readFileSync(path, 'utf8')
    if (source.split(find).length !== 2) {
      throw new Error(`Expected the bug “${name}” to fit ${file} in one place, it does not: change it with the sources`)
    }
    writeFileSync(
      path,
      source.replace(find, () => replace),
    )
  }
  execFileSync(process.execPath, ['--conditions=holdfast-source', join(copy, 'apps/tui/build.ts')], {stdio: 'inherit'})
  return copy
}

function copyPart(root: string, copy: string, part: string): void {
  const from = join(root, part)
  mkdirSync(dirname(join(copy, part)), {recursive: true})
  cpSync(from, join(copy, part), {
    recursive: true,
    // Links between the packages are relative: they stay within the copy.
    verbatimSymlinks: true,
    filter: (path) => !/(^|\/)dist(\/|$)/.test(relative(root, path)),
  })
}
