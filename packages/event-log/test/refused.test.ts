import {spawnSync} from 'node:child_process'
import {copyFileSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {openOrRepairLog, openSqliteLog} from '../src/index.ts'
import {insertEvent, insertValues} from '../src/sqlite/event-rows.ts'
import {createLogFolder, delta, info, queued, start} from './fixtures/log-folder.ts'

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

/** Inserts events of a refused prompt into the log of a host, behind its back. */
function insertRefused(
  file: string,
  sessionId: string,
  {afterSeq, end}: {afterSeq: number; end: 'COMMIT' | 'ROLLBACK'},
) {
  const output = Array.from({length: 30}, () => delta('refused', 'x'.repeat(3000)))
  const database = new DatabaseSync(file)
  // What does not fit into the cache is written before the transaction ends.
  database.exec('PRAGMA cache_size = 1; BEGIN')
  for (const [index, event] of [queued('refused'), ...output].entries()) {
    const numbered = {...event, session_id: sessionId, seq: afterSeq + index + 1, at: 7}
    database.prepare(insertEvent).run(...insertValues(numbered, JSON.stringify(event.payload)))
  }
  database.exec(end)
  database.close()
}

test('a prompt whose transaction was rolled back is not in the log after a repair', () => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info])
  const host = openSqliteLog({file, sessionId})
  host.append([queued('a')])
  const {size} = statSync(`${file}-wal`)
  insertRefused(file, sessionId, {afterSeq: 2, end: 'ROLLBACK'})
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(size)
  const killed = `${folder.path}/killed.db`
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, killed + suffix)
  host.close()
  writeFileSync(`${killed}.repair-needed`, '')
  const {log, repaired} = openOrRepairLog({file: killed, sessionId})
  expect(repaired).toMatchObject({kept: 2, lost: 0})
  expect(log.readPrompt('refused')).toEqual([])
  log.close()
})

test('an event that its writer did not commit is not in the log after that writer repaired it', () => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info])
  const {log} = openOrRepairLog({file, sessionId})
  log.append([queued('a')])
  insertRefused(file, sessionId, {afterSeq: 2, end: 'COMMIT'})
  log.append([start('a')])
  expect(log.read().map(({type}) => type)).toEqual(['session.info', 'prompt.queued', 'note', 'message.start'])
  expect(log.readPrompt('refused')).toEqual([])
  log.close()
})
