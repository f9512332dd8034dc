import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {findBranch} from '../../src/app/find-branch.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hf-'))))
afterEach(() => rmSync(folder, {recursive: true}))

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), {recursive: true})
  writeFileSync(join(folder, path), text)
}

test('the branch is found from any subfolder, and updated when it changes', async () => {
  write('repo/.git/HEAD', 'ref: refs/heads/fix/one\n')
  mkdirSync(join(folder, 'repo/src/deep'), {recursive: true})
  expect(await findBranch(join(folder, 'repo/src/deep'))).toBe('fix/one')
  write('repo/.git/HEAD', 'ref: refs/heads/main\n')
  expect(await findBranch(join(folder, 'repo'))).toBe('main')
})

test('a worktree has its own branch; a detached HEAD shows the commit', async () => {
  write('repo/.git/HEAD', 'ref: refs/heads/main\n')
  write('repo/.git/worktrees/w/HEAD', '0123456789abcdef0123456789abcdef01234567\n')
  write('w/.git', 'gitdir: ../repo/.git/worktrees/w\n')
  expect(await findBranch(join(folder, 'w'))).toBe('0123456')
})

test('there is none outside of git, in a missing folder, or with a damaged HEAD', async () => {
  expect(await findBranch(folder)).toBeUndefined()
  expect(await findBranch(join(folder, 'gone'))).toBeUndefined()
  write('repo/.git/HEAD', 'nonsense')
  expect(await findBranch(join(folder, 'repo'))).toBeUndefined()
})
