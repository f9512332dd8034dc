import {existsSync, globSync, readFileSync} from 'node:fs'
import {join, relative} from 'node:path'

/** What became of one task of a run. */
export interface TaskResult {
  /** As turbo names it: `@holdfast/rpc#test`. */
  id: string
  outcome: 'passed' | 'failed' | 'not run'
  tests: readonly TestResult[]
  /** What the task printed, if it failed. */
  output: string
}

export interface TestResult {
  /** Its file, from the root, and its title. */
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  /** What the test threw, and where. */
  error: string
  /** Why it was skipped, if it says so. */
  skipped?: string | undefined
}

/** The part of turbo's run summary (`--summarize`) and of its plan (`--dry=json`) that is read here. */
export interface TurboSummary {
  tasks: {
    taskId: string
    /** From the root. */
    directory: string
    command: string
    outputs: string[] | null
    logFile: string
    cache: {status: 'HIT' | 'MISS'}
    execution?: {exitCode: number | null}
  }[]
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  testResults: {
    /** The path of the file. */
    name: string
    status: string
    /** Why the file could not be run, or ''. */
    message: string
    assertionResults: {
      status: string
      fullName: string
      failureMessages: string[] | null
      meta: {skipped?: string}
    }[]
  }[]
}

/** Reads turbo's summary of a run in `root`, and the reports that the tasks of the run left, or their cached copies. */
export function readRun(root: string, summaryFile: string): TaskResult[] {
  const {tasks} = JSON.parse(readFileSync(summaryFile, 'utf8')) as TurboSummary
  return tasks
    .filter(({command}) => command !== '<NONEXISTENT>')
    .map(({taskId: id, directory, outputs, logFile, cache, execution}) => {
      const passed = cache.status === 'HIT' || execution?.exitCode === 0
      const outcome = passed ? 'passed' : 'failed'
      const log = join(root, logFile)
      const globs = outputs?.filter((glob) => glob.includes('.reports/')) ?? []
      const reports = globSync(
        globs.map((glob) => `${directory}/${glob}/*.json`),
        {cwd: root},
      )
      if (passed && globs.length > 0 && reports.length === 0) {
        return {id, outcome: 'failed', tests: [], output: `It passed, but left no test report in ${globs.join()}`}
      }
      return {
        id,
        outcome,
        tests: reports.flatMap((file) => readTests(root, file)),
        output: outcome === 'failed' && existsSync(log) ? readFileSync(log, 'utf8') : '',
      }
    })
}

/** The tasks of a plan (the output of `turbo run --dry=json`) that are not among the results of a run. */
export function findTasksNotRun(plan: string, results: readonly TaskResult[]): TaskResult[] {
  const {tasks} = JSON.parse(plan) as TurboSummary
  return tasks
    .filter(({command, taskId}) => command !== '<NONEXISTENT>' && !results.some(({id}) => id === taskId))
    .map(({taskId: id}) => ({id, outcome: 'not run', tests: [], output: ''}))
}

/** A file that could not be run counts as a failed test. */
function readTests(root: string, file: string): TestResult[] {
  const {testResults} = JSON.parse(readFileSync(join(root, file), 'utf8')) as VitestReport
  return testResults.flatMap(({name: path, status, message, assertionResults}) => {
    const name = relative(root, path)
    const tests = assertionResults.map((test): TestResult => {
      const {status: outcome, fullName, failureMessages, meta} = test
      return {
        name: `${name}: ${fullName}`,
        outcome: outcome === 'passed' || outcome === 'failed' ? outcome : 'skipped',
        error: ownLines(failureMessages?.join('\n') ?? ''),
        skipped: meta.skipped,
      }
    })
    const isBroken = status === 'failed' && !tests.some(({outcome}) => outcome === 'failed')
    return isBroken ? [...tests, {name, outcome: 'failed', error: message}] : tests
  })
}

/** Leaves out the places in the test runner. */
function ownLines(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^ +at .*(\/node_modules\/|<anonymous>)/.test(line))
    .join('\n')
}
