import type {TaskResult, TestResult} from './read-run.ts'

/** Bounds of what the summary repeats, for readers who see only the last lines of a long log. */
const MAX_FAILURES = 10
const MAX_ERROR_LINES = 15
const MAX_LOG_LINES = 40

export interface Summary {
  /** The last line counts the tests, or the tasks if no test ran. */
  lines: string[]
  ok: boolean
}

export interface RunResult {
  tasks: readonly TaskResult[]
  /** Files that the run left in the work tree. */
  newFiles: readonly string[]
  /** Whether a skipped test fails the run, as it does in CI. */
  strict: boolean
}

/**
 * Says what failed and why, which tests were skipped, and, in the last line, how many tests passed, failed and were skipped:
 * how many tasks, if no test ran.
 */
export function summarize({tasks, newFiles, strict}: RunResult): Summary {
  const tests = tasks.flatMap((task) => task.tests)
  const skipped = tests.filter(({outcome}) => outcome === 'skipped')
  const failedTests = tests.filter(({outcome}) => outcome === 'failed')
  const failedTasks = tasks.filter(({outcome}) => outcome === 'failed')
  // A check, a build, or tests that ended before they could report.
  const otherFailures = failedTasks.filter((task) => !task.tests.some(({outcome}) => outcome === 'failed'))
  const notRun = tasks.filter(({outcome}) => outcome === 'not run')
  const failed = failedTests.length + otherFailures.length + (newFiles.length > 0 ? 1 : 0)

  const sections = [
    skipped.length > 0 ? describeSkipped(skipped, strict) : [],
    failedTasks.length > 0 ? [`FAILED: ${failedTasks.map(({id}) => id).join(', ')}`] : [],
    ...limit(otherFailures).map(({id, output}) => describe(id, lastLines(output))),
    ...limit(failedTests).map(({name, error}) => describe(name, firstLines(error))),
    failedTests.length > MAX_FAILURES ? [`  … and ${failedTests.length - MAX_FAILURES} more tests, see above`] : [],
    notRun.length > 0
      ? [`NOT RUN, because a task that they depend on failed, or turbo ended: ${notRun.map(({id}) => id).join(', ')}`]
      : [],
    newFiles.length > 0 ? describe('the run left files in the work tree', firstLines(newFiles.join('\n'))) : [],
  ].filter((section) => section.length > 0)
  const passed = tests.length - failedTests.length - skipped.length
  return {
    lines: [
      ...sections.flat(),
      ...(sections.length > 0 ? [''] : []),
      tests.length > 0 ? `${passed} passed, ${failed} failed, ${skipped.length} skipped` : countTasks(tasks),
    ],
    ok: failed === 0 && !(strict && skipped.length > 0),
  }
}

/** `tasks: 14 passed, 1 failed, 0 not run` */
function countTasks(tasks: readonly TaskResult[]): string {
  const counts = (['passed', 'failed', 'not run'] as const).map(
    (outcome) => `${tasks.filter((task) => task.outcome === outcome).length} ${outcome}`,
  )
  return `tasks: ${counts.join(', ')}`
}

function describeSkipped(skipped: readonly TestResult[], strict: boolean): string[] {
  const consequence = strict ? 'in CI, that is a failure' : 'this run did NOT test what they guard'
  const reasons = Map.groupBy(skipped, ({skipped: reason, name}) => reason ?? `${name} (it does not say why)`)
  const lines = [...reasons].map(
    ([reason, {length}]) => `  skipped ${length} ${length === 1 ? 'test' : 'tests'}: ${reason}`,
  )
  return [`SKIPPED: ${skipped.length} (${consequence})`, ...lines]
}

function limit<T>(items: readonly T[]): readonly T[] {
  return items.slice(0, MAX_FAILURES)
}

function describe(name: string, lines: readonly string[]): string[] {
  return [`  ✗ ${name}`, ...lines.map((line) => `      ${line}`)]
}

function firstLines(text: string): string[] {
  const lines = text.split('\n').filter(Boolean)
  return lines.length > MAX_ERROR_LINES ? [...lines.slice(0, MAX_ERROR_LINES), '…'] : lines
}

function lastLines(text: string): string[] {
  const lines = text.split('\n').filter(Boolean)
  return lines.length > MAX_LOG_LINES ? ['…', ...lines.slice(-MAX_LOG_LINES)] : lines
}
