import type {StepReport} from './step.ts'

/** So much is said again at the end: many see no more of a long run than its last lines. */
const MOST_FAILURES = 10
const MOST_LINES = 15

export interface Summary {
  /** The last of them says how many tests passed, failed and were skipped. */
  lines: string[]
  ok: boolean
}

/** What to say at the end. `strict`: a skip is a failure, too. */
export function summarize(reports: readonly StepReport[], {strict}: {strict: boolean}): Summary {
  const sum = (count: (report: StepReport) => number) => reports.reduce((total, report) => total + count(report), 0)
  const skipped = reports.flatMap((report) => report.skipped)
  const failed = sum((report) => report.failed)
  const lines = [`${sum((report) => report.passed)} passed, ${failed} failed, ${skipped.length} skipped`]

  if (skipped.length > 0) {
    const why = strict ? 'in CI, that is a failure' : 'what they guard was NOT looked at on this machine'
    lines.unshift(`SKIPPED: ${skipped.length} (${why})`, ...skipped.map((name) => `  - ${name}`), '')
  }
  const broken = reports.filter((report) => report.failed > 0).map(({name}) => name)
  if (broken.length > 0) {
    const again = `FAILED: ${broken.join(', ')} (again, alone: npm test -- --only ${broken.join(',')})`
    lines.unshift(again, ...reports.flatMap(tell), '')
  }
  return {lines, ok: failed === 0 && !(strict && skipped.length > 0)}
}

/** What each failed test threw first; of a step that is not made of tests, what it printed last. */
function tell({name, failed, failures = [], output = ''}: StepReport): string[] {
  if (failed > 0 && failures.length === 0) {
    const lines = output.trimEnd().split('\n')
    return tellLines(name, lines.length > MOST_LINES ? ['…', ...lines.slice(-MOST_LINES)] : lines)
  }
  const told = failures.slice(0, MOST_FAILURES).flatMap((failure) => {
    const lines = failure.why.trimEnd().split('\n')
    return tellLines(failure.name, lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines)
  })
  const untold = failures.length - MOST_FAILURES
  return untold > 0 ? [...told, `  … and ${untold} more, see above`] : told
}

function tellLines(name: string, lines: readonly string[]): string[] {
  return [`  ✗ ${name}`, ...lines.filter(Boolean).map((line) => `      ${line}`)]
}
