import {DatabaseSync} from 'node:sqlite'

import {createSessionId} from '@holdfast/protocol'
import {afterEach, expect, test, vi} from 'vitest'

import {openSqliteLog} from '../src/index.ts'
import {createLogFolder, delta, info, queued, start} from './fixtures/log-folder.ts'

afterEach(() => vi.restoreAllMocks())

/** Records `PRAGMA synchronous` at each commit: https://www.sqlite.org/pragma.html#pragma_synchronous */
function watchCommits(): string[] {
  const commits: string[] = []
  const {exec} = DatabaseSync.prototype
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    if (sql === 'COMMIT') {
      const {synchronous} = this.prepare('PRAGMA synchronous').get() as {synchronous: number}
      commits.push(['OFF', 'NORMAL', 'FULL', 'EXTRA'][synchronous] ?? String(synchronous))
    }
    return exec.call(this, sql)
  })
  return commits
}

test('durable events are committed at FULL, all others at NORMAL', () => {
  using folder = createLogFolder()
  const commits = watchCommits()
  const sessionId = createSessionId()
  const log = openSqliteLog({file: `${folder.path}/${sessionId}.db`, sessionId, create: true})
  log.append([info], {durable: true})
  log.append([delta('a', 'one')])
  log.append([queued('a'), start('a')], {durable: true})
  log.append([delta('a', 'two'), delta('a', 'three')], {durable: false})
  log.close()
  // The first two create the tables and raise the writer's epoch.
  expect(commits).toEqual(['FULL', 'FULL', 'FULL', 'NORMAL', 'FULL', 'NORMAL'])
})
