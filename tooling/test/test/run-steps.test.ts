import {describe, expect, test} from 'vitest'

import {runSteps} from '../run-steps.ts'
import {selectSteps} from '../select-steps.ts'
import type {Step, StepResult} from '../step.ts'

const good: StepResult = {passed: 1, failed: 0, skipped: []}
const bad: StepResult = {passed: 0, failed: 1, skipped: []}

function step(name: string, result: StepResult = good, more: Partial<Step> = {}): Step {
  return {name, about: '', run: async () => result, ...more}
}

describe('runSteps', () => {
  test('all steps run although one fails, and are reported in their order', async () => {
    const reports = await runSteps([step('lint', bad), step('types'), step('unit')], {now: () => 0})
    expect(reports).toEqual([
      {name: 'lint', durationMs: 0, ...bad},
      {name: 'types', durationMs: 0, ...good},
      {name: 'unit', durationMs: 0, ...good},
    ])
  })

  test('what needs a failed step is skipped, and what needs that, too', async () => {
    const steps = [step('build', bad), step('e2e', good, {needs: ['build']}), step('faults', good, {needs: ['e2e']})]
    const [, e2e, faults] = await runSteps(steps)
    expect(e2e).toMatchObject({passed: 0, failed: 0, skipped: ['e2e, because build failed']})
    expect(faults).toMatchObject({passed: 0, failed: 0, skipped: ['faults, because e2e failed']})
  })

  test('a step that throws has failed, with the error as its output', async () => {
    const broken = step('broken', good, {run: () => Promise.reject(new Error('no such tool'))})
    expect(await runSteps([broken])).toMatchObject([
      {failed: 1, output: expect.stringContaining('Error: no such tool')},
    ])
  })

  test('neighbours that may share the machine do, two at a time; others run alone', async () => {
    let running = 0
    const seen: string[] = []
    const counting = (name: string, more: Partial<Step> = {}) =>
      step(name, good, {
        ...more,
        async run() {
          running++
          await Promise.resolve()
          seen.push(`${name} ${running}`)
          await Promise.resolve()
          running--
          return good
        },
      })
    const beside = {sideBySide: true}
    await runSteps([counting('a', beside), counting('b', beside), counting('c', beside), counting('d'), counting('e')])
    expect(seen.toSorted()).toEqual(['a 2', 'b 2', expect.stringMatching(/^c [12]$/), 'd 1', 'e 1'])
  })
})

describe('selectSteps', () => {
  const steps = [step('build'), step('unit'), step('e2e', good, {needs: ['build']})]

  test('takes what the chosen steps need, in the old order', () => {
    expect(selectSteps(steps, ['e2e']).map(({name}) => name)).toEqual(['build', 'e2e'])
  })

  test('says which names there are', () => {
    expect(() => selectSteps(steps, ['units'])).toThrow('Expected names of steps (build, unit, e2e), got `units`')
  })
})
