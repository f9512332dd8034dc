import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {temporaryShell} from './fixtures/temporary-shell.ts'

/** How a shell says that the job `cat pipe` has ended. */
const report = /^\[1\].* (?:Done|done) .*cat pipe/m

test.each(['bash', 'zsh'] as const)(
  '%s says at its prompt that a job has ended, also one that cannot print',
  async (name) => {
    const {run, shell, home} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    execFileSync('mkfifo', [join(home, 'pipe')])
    for (const redirection of ['', '>/dev/null 2>&1', '']) {
      await run(`cat pipe ${redirection} &`)
      background = ''
      // The job reads its end.
      writeFileSync(join(home, 'pipe'), '')
      await expect.poll(() => background).toMatch(report)
      expect(await run('echo "status $?"')).toMatchObject({
        outcome: {kind: 'completed', exitCode: 0},
        output: 'status 0\r\n',
      })
    }
  },
)
