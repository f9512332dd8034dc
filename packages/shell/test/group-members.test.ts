import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'

import {expect, onTestFinished, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {nameOf} from '../src/activity/nested-shell.ts'
import {membersBelow, membersOf} from '../src/group-members.ts'
import {readProcessStat} from '../src/process-stat.ts'

/** A shell that runs a job in a group of its own. */
async function startJob(job: string): Promise<{shell: number; group: number}> {
  const commands = `set -m; ${job} & jobs -p; wait`
  const bash = spawn('/bin/bash', ['-c', commands], {detached: true, stdio: ['ignore', 'pipe', 'ignore']})
  onTestFinished(() => void process.kill(-bash.pid!, 'SIGKILL'))
  const [printed] = (await once(bash.stdout, 'data')) as [Buffer]
  const group = Number(printed)
  onTestFinished(() => void process.kill(-group, 'SIGKILL'))
  return {shell: bash.pid!, group}
}

const searched = (group: number) =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => readProcessStat(pid)?.group === group)

test('the processes of a group below a shell are those that a search of all processes finds', async () => {
  const {shell, group} = await startJob('sh -c "sleep 100; true" | sh -c "sleep 100; true"')
  await expect.poll(() => membersBelow(shell, group)).toHaveLength(4)
  expect(new Set(membersBelow(shell, group))).toEqual(new Set(searched(group)))
  expect(membersBelow(shell, shell)).toEqual([shell])
  expect(membersOf(group, shell)).toEqual(searched(group))
})

test('a process whose parent has exited is of its group, and so is what it has started', async () => {
  const {shell, group} = await startJob('sh -c "(sh -c \'sleep 100; true\' &); sleep 100; true"')
  await expect.poll(() => searched(group)).toHaveLength(4)
  await expect.poll(() => membersBelow(shell, group)).toHaveLength(2)
  expect(membersOf(group, shell)).toEqual(searched(group))
})

test('a process that was started in a thread is below its program', async () => {
  need('python3')
  const start = 'subprocess.Popen(["sleep", "100"]); time.sleep(100)'
  const program = `import subprocess, threading, time\ndef start(): ${start}\nthreading.Thread(target=start).start()`
  const {shell, group} = await startJob(`python3 -c '${program}'`)
  await expect.poll(() => membersBelow(shell, group).map(nameOf)).toContain('sleep')
})
