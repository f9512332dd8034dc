import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {runCommand} from './run-command.ts'
import {countTests, type VitestReport} from './count-tests.ts'
import type {StepResult} from './step.ts'

/** Runs one vitest project, shown live. */
export async function runVitest(project: string, {timeoutMs}: {timeoutMs: number}): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-vitest-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const {ok, status} = await runCommand('vitest', ['run', '--project', project, ...reporters], {
      live: true,
      timeoutMs,
    })
    const result = countTests(JSON.parse(readFileSync(file, 'utf8')) as VitestReport)
    // An error outside of any test fails the run, and no test.
    if (!ok && result.failed === 0) return {...result, failed: 1, output: `vitest ${status}, see above`}
    return result
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
