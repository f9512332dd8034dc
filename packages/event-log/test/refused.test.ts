import {spawnSync} from 'node:child_process'
import {copyFileSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {openOrRepairLog} from '../src/index.ts'
import {createLogFolder, info} from './fixtures/log-folder.ts'

const appending = fileURLToPath(new URL('fixtures/append-and-die.ts', import.meta.url))

/**
 * Appends a prompt in a process whose system calls fail with EIO as `faultsFrom` says, and kills it. The argument of
 * `faultsFrom` is the number of calls that the same append makes on a disk that works.
 */
function appendWithFaults(faultsFrom: (calls: (name: string) => number) => Record<string, number>) {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info])
  const trace = `${folder.path}/trace`
  const run = (log: string, inject: string[]) => {
    const node = [process.execPath, '--conditions=holdfast-source', '--no-warnings', appending, log, sessionId]
    const {stdout} = spawnSync(need('strace'), ['-f', '-o', trace, '-e', 'fsync,pwrite64', ...inject, ...node])
    return String(stdout)
  }
  const rehearsal = `${folder.path}/rehearsal.db`
  copyFileSync(file, rehearsal)
  expect(run(rehearsal, [])).toBe('added')
  const calls = readFileSync(trace, 'utf8')
  const faults = faultsFrom((name) => calls.split(`${name}(`).length - 1)
  const inject = Object.entries(faults).map(([name, first]) => `--inject=${name}:error=EIO:when=${first}+`)
  const outcome = run(file, inject)

  const {log, repaired} = openOrRepairLog({file, sessionId})
  const events = log.readPrompt('refused').map(({type}) => type)
  log.close()
  return {outcome, repaired, events}
}

test('a prompt whose COMMIT failed is not there after a restart', () => {
  const {outcome, repaired, events} = appendWithFaults((calls) => ({fsync: calls('fsync')}))
  expect({outcome, repaired, events}).toEqual({outcome: 'io', repaired: undefined, events: []})
})

test('if the log cannot undo a failed COMMIT, the error says that the outcome is unknown', () => {
  const {outcome} = appendWithFaults((calls) => ({fsync: calls('fsync'), pwrite64: calls('pwrite64') + 1}))
  expect(outcome).toBe('unknown')
})
