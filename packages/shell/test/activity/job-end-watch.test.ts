import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {afterEach, expect, onTestFinished, test, vi} from 'vitest'

import {createJobEndWatch} from '../../src/activity/job-end-watch.ts'
import {childrenOf} from '../../src/group-members.ts'
import {pathOf, temporaryFolder} from '../fixtures/temporary-shell.ts'

afterEach(() => void vi.useRealTimers())

test('tells of the end of a job once, and not of jobs that came later', async () => {
  const folder = await temporaryFolder()
  const pipes = ['first', 'second'].map((name) => join(folder, name))
  execFileSync('mkfifo', pipes)
  const shell = spawn(pathOf('bash'), {stdio: ['pipe', 'pipe', 'ignore']})
  onTestFinished(() => void shell.kill('SIGKILL'))
  const start = async (pipe = '') => {
    shell.stdin.write(`cat ${pipe} & echo\n`)
    await once(shell.stdout, 'data')
  }
  /** The job reads its end, and is gone. */
  const end = async (pipe = '', left = 0) => {
    writeFileSync(pipe, '')
    await expect.poll(() => childrenOf(shell.pid!)?.length).toBe(left)
  }

  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  let told = 0
  const watch = createJobEndWatch(shell.pid!, () => told++)
  await start(pipes[0])
  watch.begin()
  await start(pipes[1])
  vi.advanceTimersByTime(3000)
  expect(told).toBe(0)
  await end(pipes[1], 1)
  vi.advanceTimersByTime(1000)
  expect(told).toBe(0)
  await end(pipes[0], 0)
  vi.advanceTimersByTime(1000)
  expect(told).toBe(1)
  expect(vi.getTimerCount()).toBe(0)

  watch.begin()
  expect(vi.getTimerCount()).toBe(0)
})
