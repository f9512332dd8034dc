import {mapLimited} from './map-limited.ts'
import type {Step, StepReport, StepResult} from './step.ts'

export interface RunStepsOptions {
  /** Told of each step when it begins … @default nobody */
  onStart?: (step: Step) => void
  /** … and when it is over. @default nobody */
  onReport?: (report: StepReport) => void
  /** Steps that run at once where they may. @default 2 */
  limit?: number
  /** The time, in ms. @default performance.now */
  now?: () => number
}

/** Runs all steps in their order; a failed one stops only those that need it. Reports are in the order of the steps. */
export async function runSteps(steps: readonly Step[], options: RunStepsOptions = {}): Promise<StepReport[]> {
  const {onStart, onReport, limit = 2, now = () => performance.now()} = options
  const failed = new Set<string>()
  const reports: StepReport[] = []
  for (const group of groupNeighbours(steps)) {
    const groupReports = await mapLimited(group, limit, async (step) => {
      const startedAt = now()
      const missing = step.needs?.find((name) => failed.has(name))
      if (missing === undefined) onStart?.(step)
      const result = missing === undefined ? await settle(step) : skip(step, missing)
      const report = {name: step.name, durationMs: now() - startedAt, ...result}
      if (result.failed > 0 || missing !== undefined) failed.add(step.name)
      onReport?.(report)
      return report
    })
    reports.push(...groupReports)
  }
  return reports
}

function groupNeighbours(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (step.sideBySide && last?.[0]?.sideBySide) last.push(step)
    else groups.push([step])
  }
  return groups
}

async function settle(step: Step): Promise<StepResult> {
  try {
    return await step.run()
  } catch (error) {
    return {passed: 0, failed: 1, skipped: [], output: error instanceof Error ? String(error.stack) : String(error)}
  }
}

function skip(step: Step, missing: string): StepResult {
  return {passed: 0, failed: 0, skipped: [`${step.name}, because ${missing} failed`]}
}
