import {expect, test} from 'vitest'

import type {StepReport} from '../step.ts'
import {summarize} from '../summarize.ts'

const report = (name: string, passed: number, failed: number, skipped: string[] = []): StepReport => {
  return {name, passed, failed, skipped, durationMs: 0}
}

test('the last line counts the tests of all steps', () => {
  const {lines, ok} = summarize([report('lint', 1, 0), report('unit', 40, 0)], {strict: true})
  expect(lines).toEqual(['41 passed, 0 failed, 0 skipped'])
  expect(ok).toBe(true)
})

test('failed steps are named, with how to run them again', () => {
  const {lines, ok} = summarize([report('unit', 40, 2), report('e2e', 0, 1)], {strict: false})
  expect(lines[0]).toBe('FAILED: unit, e2e (again, alone: npm test -- --only unit,e2e)')
  expect(lines.at(-1)).toBe('40 passed, 3 failed, 0 skipped')
  expect(ok).toBe(false)
})

test('a skip is said loudly on a machine of one’s own', () => {
  const {lines, ok} = summarize([report('unit', 40, 0, ['fish runs'])], {strict: false})
  expect(lines).toEqual([
    'SKIPPED: 1 (what they guard was NOT looked at on this machine)',
    '  - fish runs',
    '',
    '40 passed, 0 failed, 1 skipped',
  ])
  expect(ok).toBe(true)
})

test('a skip in CI is a failure', () => {
  expect(summarize([report('unit', 40, 0, ['fish runs'])], {strict: true}).ok).toBe(false)
})
