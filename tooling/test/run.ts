/** What `npm test` runs, once everything is installed. Options: --list · --only NAME[,NAME…] */
import {parseArgs} from 'node:util'

import {runSteps} from './run-steps.ts'
import {selectSteps} from './select-steps.ts'
import type {Step, StepReport} from './step.ts'
import {STEPS} from './steps.ts'
import {summarize} from './summarize.ts'

// Whoever ends this process wants its children to end as well; they end with `exit`.
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const chosen = chooseSteps()
if (chosen) await main(chosen)

function chooseSteps(): readonly Step[] | undefined {
  try {
    const {values} = parseArgs({options: {list: {type: 'boolean'}, only: {type: 'string'}}})
    const steps = values.only === undefined ? STEPS : selectSteps(STEPS, values.only.split(','))
    if (!values.list) return steps
    for (const {name, about} of steps) console.log(`${name.padEnd(9)} ${about}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
  return undefined
}

async function main(steps: readonly Step[]): Promise<void> {
  const reports = await runSteps(steps, {
    onStart: (step) => step.sideBySide || console.log(`… ${step.name}: ${step.about}`),
    onReport: show,
  })
  const {lines, ok} = summarize(reports, {strict: process.env.CI === 'true'})
  console.log(`\n${lines.join('\n')}`)
  process.exitCode = ok ? 0 : 1
}

function show({name, failed, passed, durationMs, output}: StepReport): void {
  const mark = failed > 0 ? '✗' : passed > 0 ? '✓' : '-'
  console.log(`${mark} ${name.padEnd(9)} ${(durationMs / 1000).toFixed(1)} s`)
  if (output) console.log(output.replaceAll(/^/gm, '    '))
}
