import {execFileSync} from 'node:child_process'

import {ROOT} from './root.ts'
import type {Step} from './step.ts'

/** Fails where what runs between now and this step left files in the work tree, which is nobody's folder to work in. */
export function strayFiles(root = ROOT): Step {
  const before = new Set(untrackedFiles(root))
  return {
    name: 'tidy',
    about: 'no step left a file in the work tree',
    run: async () => {
      const stray = untrackedFiles(root).filter((file) => !before.has(file))
      if (stray.length === 0) return {passed: 1, failed: 0, skipped: []}
      const some = stray.slice(0, 10).join('\n')
      return {passed: 0, failed: 1, skipped: [], output: `${stray.length} new files, among them:\n${some}`}
    },
  }
}

/** Those that git neither knows nor ignores; none where there is no git. */
function untrackedFiles(root: string): string[] {
  try {
    const args = ['ls-files', '--others', '--exclude-standard', '-z']
    return execFileSync('git', args, {cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
      .split('\0')
      .filter(Boolean)
  } catch {
    return []
  }
}
