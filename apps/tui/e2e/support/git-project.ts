import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'

/** Dates and names that do not change, so that the hashes of commits do not. */
const author = ['NAME=Ann', 'EMAIL=ann@example.org', 'DATE=2026-01-01T00:00:00Z']

/** For programs that use git. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => author.map((fact) => `GIT_${who}_${fact}`.split('='))),
  ),
  GIT_EDITOR: 'vim -u NONE -N',
  GIT_CONFIG_NOSYSTEM: '1',
}

/** Makes a folder a repository with one commit for each file of these names. */
export function createRepository(
  folder: string,
  env: Readonly<Record<string, string>>,
  files: readonly string[],
): void {
  const git = (...args: string[]) => execFileSync('git', args, {cwd: folder, env: {...env, ...gitEnvironment}})
  git('init', '--quiet', '--initial-branch=main')
  for (const file of files) {
    writeFileSync(`${folder}/${file}`, `${file}\n`)
    git('add', file)
    git('commit', '--quiet', '--message', `add ${file}`)
  }
}
