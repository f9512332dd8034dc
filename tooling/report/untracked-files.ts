import {execFileSync} from 'node:child_process'

/** The files in `root` that git neither tracks nor ignores; none where there is no git. */
export function untrackedFiles(root: string): string[] {
  try {
    const args = ['ls-files', '--others', '--exclude-standard', '-z']
    return execFileSync('git', args, {cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
      .split('\0')
      .filter(Boolean)
  } catch {
    return []
  }
}
