/**
 * Runs tasks by turbo and sums them up at the end. `npm test` starts it.
 *   npm test [-- TASK… OPTION…]
 * TASK: a task of turbo.json; by default all but `bench`. OPTION: an option of `turbo run`, as --filter=PACKAGE or --force.
 * With --dry, it only lists which tasks would run, and which are cached.
 */
import {spawnSync} from 'node:child_process'
import {globSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {metNeeds} from '../vitest/needs.ts'
import {describePlan} from './describe-plan.ts'
import {findTasksNotRun, readRun} from './read-run.ts'
import {summarize} from './summarize.ts'
import {untrackedFiles} from './untracked-files.ts'

const ALL = ['build', 'typecheck', 'lint', 'test', 'checks', 'rehearse', 'e2e', 'faults']
/** turbo's plan names every input file of every task. */
const MAX_PLAN_BYTES = 256 * 1024 * 1024
const ROOT = join(import.meta.dirname, '../..')

const args = process.argv.slice(2)
const options = args.filter((arg) => arg.startsWith('-'))
const tasks = args.filter((arg) => !arg.startsWith('-'))
const strict = !['', '0', 'false'].includes(process.env['CI'] ?? '')
const turboArgs = [...(tasks.length > 0 ? tasks : ALL), ...options.filter((option) => option !== '--dry')]

if (options.includes('--dry')) {
  const {status, stdout} = runTurbo([...turboArgs, '--dry=json'], 'pipe')
  if (status === 0) console.log(describePlan(stdout).join('\n'))
  process.exit(status)
}

// A task that ends without a report must not be counted by an old one.
for (const left of globSync(['.turbo/runs', '{packages,apps,tooling}/*/{.reports,e2e/.reports}'], {cwd: ROOT})) {
  rmSync(join(ROOT, left), {recursive: true})
}
const before = new Set(untrackedFiles(ROOT))
const exitStatus = runTurbo([...turboArgs, '--continue=dependencies-successful', '--summarize']).status
const [summaryFile] = globSync('.turbo/runs/*.json', {cwd: ROOT})
const newFiles = untrackedFiles(ROOT).filter((file) => !before.has(file))
const results = summaryFile === undefined ? [] : readRun(ROOT, join(ROOT, summaryFile))
if (exitStatus !== 0) {
  if (results.every(({outcome}) => outcome === 'passed')) {
    results.push({id: 'turbo', outcome: 'failed', tests: [], output: `It exited with status ${exitStatus}, see above.`})
  }
  // turbo's summary leaves out the tasks that it did not run to their end.
  const {status, stdout} = runTurbo([...turboArgs, '--dry=json'], 'pipe')
  if (status === 0) results.push(...findTasksNotRun(stdout, results))
}
const {lines, ok} = summarize({tasks: results, newFiles, strict})
console.log(`\n${lines.join('\n')}`)
process.exitCode = ok ? 0 : 1

/**
 * Returns turbo's exit status, and its output if that is piped. HOLDFAST_TEST_NEEDS is part of turbo's cache key, so a skipped
 * test runs once the machine has what the test needs.
 */
function runTurbo(words: readonly string[], stdout: 'inherit' | 'pipe' = 'inherit'): {status: number; stdout: string} {
  const result = spawnSync('sh', ['tooling/bootstrap.sh', 'turbo', 'run', ...words], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: MAX_PLAN_BYTES,
    stdio: ['inherit', stdout, 'inherit'],
    env: {...process.env, HOLDFAST_TEST_NEEDS: metNeeds().join()},
  })
  if (result.error) throw result.error
  return {status: result.status ?? 1, stdout: result.stdout}
}
