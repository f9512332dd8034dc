import {chmodSync, existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, onTestFinished, test, vi} from 'vitest'

import {createLineReader} from '../../src/activity/line-reading.ts'
import {temporaryFolder, temporaryShell} from '../fixtures/temporary-shell.ts'

test.each(['bash', 'zsh'] as const)('a long `read` of %s is inspected once', async (name) => {
  const {run, shell} = await temporaryShell('', {name})
  const folder = await temporaryFolder()
  const [stty, calls] = [join(folder, 'stty'), join(folder, 'calls')]
  writeFileSync(stty, `#!/bin/sh\necho >>'${calls}'\nPATH='${process.env['PATH']}' exec stty "$@"\n`)
  chmodSync(stty, 0o700)
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  onTestFinished(() => void vi.unstubAllEnvs())

  const running = run('read x')
  const lines = createLineReader(shell.pid, undefined)
  // Before it reads, the shell may be looked at any number of times.
  await expect.poll(async () => [await lines.read(false), existsSync(calls)]).toEqual(['none', true])
  await lines.read(false)
  rmSync(calls)
  for (let count = 0; count < 5; count++) expect(await lines.read(false)).toBe('none')
  const more = existsSync(calls) ? readFileSync(calls, 'utf8').length : 0
  shell.input(Buffer.from('\n'))
  await running
  // The watch of the run has its own reader.
  expect(more).toBeLessThanOrEqual(1)
})
