import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {strayFiles} from '../stray-files.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-stray-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return folder
}

test('finds the files that came since it was made, and neither those before nor what git ignores', async () => {
  const folder = newFolder()
  execFileSync('git', ['init', '--quiet'], {cwd: folder})
  writeFileSync(join(folder, '.gitignore'), 'built\n')
  writeFileSync(join(folder, 'mine'), '')
  const {run} = strayFiles(folder)
  writeFileSync(join(folder, 'built'), '')
  expect(await run()).toMatchObject({passed: 1, failed: 0})
  writeFileSync(join(folder, 'file-0'), '')
  expect(await run()).toMatchObject({failed: 1, output: '1 new files, among them:\nfile-0'})
})

test('finds nothing where there is no git', async () => {
  expect(await strayFiles(newFolder()).run()).toMatchObject({failed: 0})
})
