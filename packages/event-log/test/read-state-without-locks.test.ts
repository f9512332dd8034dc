import {utimesSync} from 'node:fs'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {logFormat, openSqliteLog} from '../src/index.ts'
import {readStateWithoutLocks} from '../src/home/read-state-without-locks.ts'
import {alterLog} from './fixtures/alter-log.ts'
import {createLogFolder, info, queued, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

const hourMs = 3_600_000

test('returns the same state as an open log', () => {
  const {file, sessionId} = folder.writeLog([info, queued('a')])
  const log = openSqliteLog({file, sessionId, readOnly: true})
  expect(readStateWithoutLocks(file, Date.now() + hourMs)).toEqual(log.state())
  log.close()
})

test('returns undefined within a second of a change', () => {
  const {file} = folder.writeLog([info])
  expect(readStateWithoutLocks(file, Date.now())).toBeUndefined()
})

test('returns undefined while the WAL is not empty', () => {
  const {file, sessionId} = folder.writeLog([info])
  const log = openSqliteLog({file, sessionId})
  log.append([queued('a')])
  utimesSync(file, 0, 0)
  expect(readStateWithoutLocks(file, Date.now())).toBeUndefined()
  log.close()
})

test.each([
  ['another format', `PRAGMA user_version = ${logFormat - 1}`],
  ['another program', 'PRAGMA application_id = 1'],
  ['no state', 'UPDATE session SET state = NULL'],
  ['a malformed state', `UPDATE session SET state = '{'`],
])('returns undefined for a file with %s', (_, change) => {
  const {file} = folder.writeLog([info])
  alterLog(file, change)
  expect(readStateWithoutLocks(file, Date.now() + hourMs)).toBeUndefined()
})

test('returns undefined for a missing file', () => {
  expect(readStateWithoutLocks(`${folder.path}/0000000000.db`, Date.now() + hourMs)).toBeUndefined()
})
