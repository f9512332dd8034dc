import {expect, test} from 'vitest'

import {createJobWatch} from '../../src/activity/terminal-jobs.ts'
import {temporaryShell} from '../fixtures/temporary-shell.ts'

function mayExist(shell: {pid: number}): boolean {
  const jobs = createJobWatch(shell.pid)
  jobs.notePromptDrawn()
  return jobs.mayExist()
}

test('a process that has ended is no job, although nobody has reaped it', async () => {
  const {run, shell} = await temporaryShell()
  // The parent of the process that ends leaves the terminal, and does not wait for it.
  await run(`sh -c "sh -c 'sleep 0 & exec setsid sleep 300' &"`)
  await expect.poll(() => mayExist(shell)).toBe(false)
  await run('sleep 300 &')
  expect(mayExist(shell)).toBe(true)
})

test('a process that prints to another terminal is no job', async () => {
  const [{run, shell}, other] = await Promise.all([temporaryShell(), temporaryShell()])
  const terminal = (await other.run('tty')).output.trim()
  await run(`sleep 300 >${terminal} 2>&1 &`)
  await expect.poll(() => mayExist(shell)).toBe(false)
  await run('sleep 300 &')
  expect(mayExist(shell)).toBe(true)
})

test('a process that prints only into a file is no job: fish starts one at its first start', async () => {
  const {run, shell} = await temporaryShell()
  await run('sleep 300 &> /dev/null & (sleep 300 &> /dev/null &)')
  await expect.poll(() => mayExist(shell)).toBe(false)
  await run('(sleep 300 < /dev/null &)')
  expect(mayExist(shell)).toBe(true)
})
