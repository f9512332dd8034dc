import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {need} from '../need.ts'

test('a test is skipped where the machine lacks a program or file, and the report says why', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-need-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  symlinkSync(need('bash'), join(folder, 'bash'))
  const report = join(folder, 'report.json')
  const vitest = join(import.meta.dirname, '../../../node_modules/vitest/vitest.mjs')
  const options = ['--config', 'test/fixtures/vitest.config.ts', '--reporter', 'json', '--outputFile', report]
  const cwd = join(import.meta.dirname, '..')
  execFileSync(process.execPath, [vitest, 'run', ...options], {cwd, env: {PATH: folder}, stdio: 'ignore'})
  const {testResults} = JSON.parse(readFileSync(report, 'utf8')) as {testResults: {assertionResults: unknown[]}[]}
  expect(testResults[0]?.assertionResults).toMatchObject([
    {title: 'bash has a path', status: 'passed', meta: {}},
    {title: 'zsh has a path', status: 'skipped', meta: {skipped: 'zsh is not installed — apt-get install zsh'}},
  ])
})
