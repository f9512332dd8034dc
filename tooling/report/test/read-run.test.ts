import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {findTasksNotRun, readRun} from '../read-run.ts'

let root: string
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'holdfast-report-'))))
afterEach(() => rmSync(root, {recursive: true}))

function write(path: string, value: unknown): string {
  const file = join(root, path)
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

function task(id: string, more: object = {}): object {
  const [name, script] = id.split('#')
  const directory = `packages/${name}`
  const logFile = `${directory}/.turbo/turbo-${script}.log`
  return {taskId: id, directory, command: script, outputs: null, logFile, cache: {status: 'MISS'}, ...more}
}

const testTask = (more: object) => task('shell#test', {outputs: ['.reports/**'], ...more})

test('a task passed, failed or was cached', () => {
  write('packages/rpc/.turbo/turbo-lint.log', 'a promise floats')
  const summary = write('summary.json', {
    tasks: [
      task('rpc#sources', {command: '<NONEXISTENT>'}),
      task('rpc#build', {execution: {exitCode: 0}}),
      task('rpc#lint', {execution: {exitCode: 1}}),
      task('rpc#typecheck', {cache: {status: 'HIT'}}),
    ],
  })
  expect(readRun(root, summary)).toEqual([
    {id: 'rpc#build', outcome: 'passed', tests: [], output: ''},
    {id: 'rpc#lint', outcome: 'failed', tests: [], output: 'a promise floats'},
    {id: 'rpc#typecheck', outcome: 'passed', tests: [], output: ''},
  ])
})

test('the tests of a task come from the report that it left', () => {
  const name = join(root, 'packages/shell/test/run.test.ts')
  const stack = `AssertionError: no zsh\n    at ${name}:2:34\n    at run (file:///x/node_modules/.pnpm/vitest/run.js:1:2)`
  const assertionResults = [
    {status: 'passed', fullName: 'bash runs', failureMessages: [], meta: {}},
    {status: 'failed', fullName: 'zsh runs', failureMessages: [stack], meta: {}},
    {status: 'skipped', fullName: 'fish runs', failureMessages: [], meta: {skipped: 'no fish'}},
    {status: 'todo', fullName: 'dash runs', failureMessages: [], meta: {}},
  ]
  const testResults = [{name, status: 'failed', message: '', assertionResults}]
  write('packages/shell/.reports/vitest.json', {testResults})
  const [result] = readRun(root, write('summary.json', {tasks: [testTask({execution: {exitCode: 1}})]}))
  const file = 'packages/shell/test/run.test.ts'
  expect(result?.tests).toEqual([
    {name: `${file}: bash runs`, outcome: 'passed', error: ''},
    {name: `${file}: zsh runs`, outcome: 'failed', error: `AssertionError: no zsh\n    at ${name}:2:34`},
    {name: `${file}: fish runs`, outcome: 'skipped', error: '', skipped: 'no fish'},
    {name: `${file}: dash runs`, outcome: 'skipped', error: ''},
  ])
})

test('a test file that could not be loaded is a failed test', () => {
  const message = 'SyntaxError: Unexpected token'
  const testResults = [{name: join(root, 'a.test.ts'), status: 'failed', message, assertionResults: []}]
  write('packages/shell/.reports/vitest.json', {testResults})
  const [result] = readRun(root, write('summary.json', {tasks: [testTask({execution: {exitCode: 1}})]}))
  expect(result?.tests).toEqual([{name: 'a.test.ts', outcome: 'failed', error: message}])
})

test('tests that ended without a report are a failed task without tests', () => {
  const summary = write('summary.json', {tasks: [testTask({execution: {exitCode: null}})]})
  expect(readRun(root, summary)).toMatchObject([{outcome: 'failed', tests: []}])
})

test.each([{execution: {exitCode: 0}}, {cache: {status: 'HIT'}}])(
  'tests that passed without a report failed: %j',
  (end) => {
    const summary = write('summary.json', {tasks: [testTask(end)]})
    const output = 'It passed, but left no test report in .reports/**'
    expect(readRun(root, summary)).toEqual([{id: 'shell#test', outcome: 'failed', tests: [], output}])
  },
)

test('tasks of the plan that have no result were not run', () => {
  const tasks = [task('rpc#sources', {command: '<NONEXISTENT>'}), task('rpc#build'), task('rpc#e2e')]
  const results = [{id: 'rpc#build', outcome: 'failed', tests: [], output: ''}] as const
  expect(findTasksNotRun(JSON.stringify({tasks}), results)).toEqual([
    {id: 'rpc#e2e', outcome: 'not run', tests: [], output: ''},
  ])
})
