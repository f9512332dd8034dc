import {expect, test} from 'vitest'

import type {TaskResult, TestResult} from '../read-run.ts'
import {summarize, type RunResult, type Summary} from '../summarize.ts'

const passed: TestResult = {name: 'a.test.ts: bash runs', outcome: 'passed', error: ''}
const failed: TestResult = {
  name: 'a.test.ts: zsh runs',
  outcome: 'failed',
  error: 'AssertionError: expected 1 to be 2\n    at a.test.ts:3:4\n',
}
const skipped: TestResult = {
  name: 'a.test.ts: fish runs',
  outcome: 'skipped',
  error: '',
  skipped: 'fish is not installed — apt-get install fish',
}

function taskWith(id: string, more: Partial<TaskResult> = {}): TaskResult {
  return {id, outcome: 'passed', tests: [], output: '', ...more}
}

function summarizeTasks(tasks: readonly TaskResult[], more: Partial<RunResult> = {}): Summary {
  return summarize({tasks, newFiles: [], strict: false, ...more})
}

test('the last line counts the tests of all tasks', () => {
  const tasks = [
    taskWith('a#lint'),
    taskWith('a#test', {tests: [passed, passed]}),
    taskWith('b#test', {tests: [passed]}),
  ]
  expect(summarizeTasks(tasks, {strict: true})).toEqual({lines: ['3 passed, 0 failed, 0 skipped'], ok: true})
})

test('failed tests are named at the end, with why', () => {
  const tasks = [taskWith('a#test', {outcome: 'failed', tests: [passed, failed]})]
  expect(summarizeTasks(tasks)).toEqual({
    lines: [
      'FAILED: a#test',
      '  ✗ a.test.ts: zsh runs',
      '      AssertionError: expected 1 to be 2',
      '          at a.test.ts:3:4',
      '',
      '1 passed, 1 failed, 0 skipped',
    ],
    ok: false,
  })
})

test('of many failures some are shown, and of a long one its begin', () => {
  const tests = Array.from({length: 12}, (_, index) => ({
    ...failed,
    name: `test ${index}`,
    error: 'line\n'.repeat(100),
  }))
  const {lines} = summarizeTasks([taskWith('a#test', {outcome: 'failed', tests})])
  expect(lines.filter((line) => line.startsWith('  ✗'))).toHaveLength(10)
  expect(lines).toContain('  … and 2 more tests, see above')
  expect(lines.filter((line) => line === '      line')).toHaveLength(150)
  expect(lines.filter((line) => line === '      …')).toHaveLength(10)
})

test('a failed task without tests counts as one, and its last lines are shown', () => {
  const output = `${'schedule\n'.repeat(100)}seed 7\n`
  const {lines, ok} = summarizeTasks([
    taskWith('a#test', {tests: [passed]}),
    taskWith('faults#faults', {outcome: 'failed', output}),
  ])
  expect(lines.slice(0, 3)).toEqual(['FAILED: faults#faults', '  ✗ faults#faults', '      …'])
  expect(lines.slice(-3)).toEqual(['      seed 7', '', '1 passed, 1 failed, 0 skipped'])
  expect(lines.filter((line) => line === '      schedule')).toHaveLength(39)
  expect(ok).toBe(false)
})

test('where no test ran, the last line counts the tasks', () => {
  const tasks = [
    taskWith('a#lint'),
    taskWith('b#lint', {outcome: 'failed', output: 'no'}),
    taskWith('c#lint', {outcome: 'not run'}),
  ]
  expect(summarizeTasks(tasks).lines.at(-1)).toBe('tasks: 1 passed, 1 failed, 1 not run')
})

test('tasks that were not run are named', () => {
  const tasks = [taskWith('a#build', {outcome: 'failed', output: 'no'}), taskWith('a#e2e', {outcome: 'not run'})]
  expect(summarizeTasks(tasks).lines).toContain(
    'NOT RUN, because a task that they depend on failed, or turbo ended: a#e2e',
  )
})

test('skipped tests are counted for each reason', () => {
  const other: TestResult = {name: 'b.test.ts: later', outcome: 'skipped', error: ''}
  expect(summarizeTasks([taskWith('a#test', {tests: [passed, skipped, skipped, other]})])).toEqual({
    lines: [
      'SKIPPED: 3 (this run did NOT test what they guard)',
      '  skipped 2 tests: fish is not installed — apt-get install fish',
      '  skipped 1 test: b.test.ts: later (it does not say why)',
      '',
      '1 passed, 0 failed, 3 skipped',
    ],
    ok: true,
  })
})

test('a skip in CI is a failure', () => {
  expect(summarizeTasks([taskWith('a#test', {tests: [skipped]})], {strict: true}).ok).toBe(false)
})

test('files that the run left in the work tree are a failure', () => {
  const {lines, ok} = summarizeTasks([taskWith('a#test', {tests: [passed]})], {newFiles: ['left.txt']})
  expect({lines, ok}).toEqual({
    lines: ['  ✗ the run left files in the work tree', '      left.txt', '', '1 passed, 1 failed, 0 skipped'],
    ok: false,
  })
})
