/**
 * What `npm test` runs once everything is installed: turbo, and a summary of what it did.
 *   npm test [-- TASK… OPTION…]    the tasks of turbo.json, by default all that test or check; turbo's own options
 */
import {spawnSync} from 'node:child_process'
import {globSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {metNeeds} from '../vitest/needs.ts'
import {readRun} from './read-run.ts'
import {summarize} from './summarize.ts'
import {untrackedFiles} from './untracked-files.ts'

const ALL = ['build', 'typecheck', 'lint', 'test', 'checks', 'e2e', 'faults']
const ROOT = join(import.meta.dirname, '../..')

const args = process.argv.slice(2)
const options = args.filter((arg) => arg.startsWith('-'))
const tasks = args.filter((arg) => !arg.startsWith('-'))
const strict = process.env['CI'] === 'true'

// A task that ends early must not be counted by what its last run left.
for (const left of globSync(['.turbo/runs', '{packages,apps,tooling}/*/{.reports,e2e/.reports}'], {cwd: ROOT})) {
  rmSync(join(ROOT, left), {recursive: true})
}
const before = new Set(untrackedFiles(ROOT))
const exitStatus = runTurbo([
  ...(tasks.length > 0 ? tasks : ALL),
  '--continue=dependencies-successful',
  '--summarize',
  ...options,
])
const [summaryFile] = globSync('.turbo/runs/*.json', {cwd: ROOT})
const newFiles = untrackedFiles(ROOT).filter((file) => !before.has(file))
const results = summaryFile === undefined ? [] : readRun(ROOT, join(ROOT, summaryFile))
const {lines, ok} = summarize({tasks: results, newFiles, strict})
console.log(`\n${lines.join('\n')}`)
process.exitCode = exitStatus === 0 && !ok ? 1 : exitStatus

/** Its exit status. What the machine has is a part of what turbo caches by: a test is not skipped for ever. */
function runTurbo(words: readonly string[]): number {
  const {status, error} = spawnSync('sh', ['tooling/bootstrap.sh', 'turbo', 'run', ...words], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {...process.env, HOLDFAST_TEST_NEEDS: metNeeds().join()},
  })
  if (error) throw error
  return status ?? 1
}
