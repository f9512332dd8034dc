import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {untrackedFiles} from '../untracked-files.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-untracked-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return folder
}

test('finds the files that git neither tracks nor ignores', () => {
  const folder = newFolder()
  execFileSync('git', ['init', '--quiet'], {cwd: folder})
  writeFileSync(join(folder, '.gitignore'), 'built\n')
  for (const name of ['built', 'mine', 'tracked']) writeFileSync(join(folder, name), '')
  execFileSync('git', ['add', 'tracked', '.gitignore'], {cwd: folder})
  expect(untrackedFiles(folder)).toEqual(['mine'])
})

test('finds nothing where there is no git', () => {
  expect(untrackedFiles(newFolder())).toEqual([])
})
