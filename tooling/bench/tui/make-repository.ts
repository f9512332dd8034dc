import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'

import type {Home} from '../../../apps/tui/e2e/support/home.ts'

const filesPerFolder = 100

/** Makes a git repository with this many files and three branches in the project folder. */
export function makeRepository({project, env}: Pick<Home, 'project' | 'env'>, fileCount: number): void {
  for (let index = 0; index < fileCount; index++) {
    const folder = `${project}/folder-${Math.floor(index / filesPerFolder)}`
    if (index % filesPerFolder === 0) mkdirSync(folder)
    writeFileSync(`${folder}/file-${index}`, `${index}\n`)
  }
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...words], {
      cwd: project,
      env,
      stdio: 'pipe',
    })
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  git('branch', 'feature-one')
  git('branch', 'feature-two')
}
