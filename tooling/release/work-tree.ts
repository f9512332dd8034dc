import {execFileSync} from 'node:child_process'
import {lstatSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

/** Copies what a commit of the work tree would contain to `folder`, and commits it there. */
export function copyWorkTree(folder: string): void {
  const names = git(ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate').split('\0')
  // A file that was removed may still be in the index.
  const files = names.filter((name) => name !== '' && lstatSync(join(ROOT, name), {throwIfNoEntry: false}))
  const input = execFileSync('tar', ['-c', '--null', '--files-from=-'], {
    cwd: ROOT,
    input: files.join('\0'),
    maxBuffer: 2 ** 28,
  })
  mkdirSync(folder)
  execFileSync('tar', ['-x'], {cwd: folder, input})
  git(folder, 'init', '--quiet', '--initial-branch=main')
  commit(folder, 'The work tree')
}

export function commit(folder: string, message: string): void {
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', `--message=${message}`)
}

/** An author, and nothing from the user's settings. */
export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@localhost',
  GIT_COMMITTER_NAME: 'rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@localhost',
}

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {cwd, encoding: 'utf8', env: {...process.env, ...GIT_ENV}})
}
