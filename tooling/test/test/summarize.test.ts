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

test('tests that failed are told again at the end, with why', () => {
  const failures = [{name: 'a.test.ts: zsh runs', why: 'AssertionError: expected 1 to be 2\n    at a.test.ts:3:4\n'}]
  const {lines} = summarize([{...report('unit', 40, 1), failures}], {strict: true})
  expect(lines).toEqual([
    'FAILED: unit (again, alone: npm test -- --only unit)',
    '  ✗ a.test.ts: zsh runs',
    '      AssertionError: expected 1 to be 2',
    '          at a.test.ts:3:4',
    '',
    '40 passed, 1 failed, 0 skipped',
  ])
})

test('of many failures some are told, and of a long one its begin', () => {
  const failures = Array.from({length: 12}, (_, index) => ({name: `test ${index}`, why: 'line\n'.repeat(100)}))
  const {lines} = summarize([{...report('unit', 0, 12), failures}], {strict: true})
  expect(lines.filter((line) => line.startsWith('  ✗'))).toHaveLength(10)
  expect(lines).toContain('  … and 2 more, see above')
  expect(lines.filter((line) => line === '      line')).toHaveLength(150)
  expect(lines.filter((line) => line === '      …')).toHaveLength(10)
})

test('of a failed step that is not made of tests its last lines are told again', () => {
  const output = `${'schedule\n'.repeat(100)}seed 7\n`
  const {lines} = summarize(
    [
      {...report('faults', 0, 1), output},
      {...report('tidy', 1, 0), output: 'x'},
    ],
    {strict: true},
  )
  expect(lines.slice(0, 3)).toEqual([
    'FAILED: faults (again, alone: npm test -- --only faults)',
    '  ✗ faults',
    '      …',
  ])
  expect(lines.slice(-3)).toEqual(['      seed 7', '', '1 passed, 1 failed, 0 skipped'])
  expect(lines.filter((line) => line === '      schedule')).toHaveLength(14)
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
