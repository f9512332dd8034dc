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
  print: (line: string) => void
}

/** Plants each bug in a copy of the sources, builds it, and lets the harness look for it. True when it found them all. */
export async function runPlanted({root, seed, runs, jobs, print}: PlantedOptions): Promise<boolean> {
  const missed: string[] = []
  for (const bug of plantedBugs) {
    const copy = plant(bug, root)
    try {
      let done = ''
      const isHeld = await runMany({
        product: productIn(copy),
        seed,
        runs,
        minutes: 600,
        jobs,
        isExplained: false,
        print: (line) => (done += `${line}\n`),
      })
      if (isHeld) missed.push(bug.name)
      const [, count] = /^runs +(\d+)/m.exec(done) ?? []
      const [, found] = /^violated by .*\n(.*)/m.exec(done) ?? []
      print(isHeld ? `NOT FOUND in ${count} runs: ${bug.name}` : `found in ${count} runs: ${bug.name}\n    ${found}`)
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
