import type {StepReport} from './step.ts'

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
  if (broken.length > 0)
    lines.unshift(`FAILED: ${broken.join(', ')} (again, alone: npm test -- --only ${broken.join(',')})`, '')
  return {lines, ok: failed === 0 && !(strict && skipped.length > 0)}
}
