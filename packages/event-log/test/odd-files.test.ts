import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {deleteLog, listSessions, openOrRepairLog, openSqliteLog, takeLease} from '../src/index.ts'
import {createLogFolder, info, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

const sessionId = '0123456789'
const odd: [kind: string, create: (path: string) => void][] = [
  ['a FIFO', (path) => void execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
  ['a symbolic link', (path) => symlinkSync('/dev/zero', path)],
]

describe.each(odd)('%s', (kind, create) => {
  test.each(['.db', '.db-wal', '.db-shm', '.db-journal'])('in the place of a log or its `%s` is named', (suffix) => {
    const file = `${folder.path}/${sessionId}.db`
    if (suffix !== '.db') openSqliteLog({file, sessionId, create: true}).close()
    create(`${folder.path}/${sessionId}${suffix}`)
    const error = expect.objectContaining({
      code: 'not-a-file',
      message: `Expected a file at ${folder.path}/${sessionId}${suffix}, found ${kind}: move it away, so that the session can be read`,
    })
    expect(() => openSqliteLog({file, sessionId, readOnly: true})).toThrow(error)
    expect(() => openSqliteLog({file, sessionId, create: true})).toThrow(error)
    expect(() => openOrRepairLog({file, sessionId})).toThrow(error)
    expect(listSessions(folder.path)).toMatchObject([{id: sessionId, error: {code: 'not-a-file'}}])
  })

  test('in the place of a lease is named', () => {
    create(`${folder.path}/lock`)
    expect(() => takeLease(`${folder.path}/lock`)).toThrow(
      expect.objectContaining({code: 'not-a-file', message: expect.stringContaining(`/lock, found ${kind}: move it`)}),
    )
  })

  test('in the place of the flag file keeps no log from being opened', () => {
    const {file, sessionId: id} = folder.writeLog([info])
    create(`${file}.repair-needed`)
    const {log, repaired} = openOrRepairLog({file, sessionId: id})
    expect(repaired).toBeUndefined()
    log.close()
  })
})

test('garbage in a lease does not keep its session closed', () => {
  const file = `${folder.path}/lock`
  writeFileSync(file, 'garbage '.repeat(1000))
  takeLease(file).release()
})

test('a log with a folder among its files is deleted as a whole or not at all', () => {
  const {file} = folder.writeLog([info])
  mkdirSync(`${file}-wal`)
  expect(() => deleteLog(file)).toThrow(expect.objectContaining({code: 'not-a-file'}))
  expect(existsSync(file)).toBe(true)
})

test.each([0, 40])('a log that was cut to %i bytes is listed, and its next host says what happened', (size) => {
  const file = `${folder.path}/${sessionId}.db`
  writeFileSync(file, Buffer.alloc(size, 'SQLite format 3\0'))
  utimesSync(file, 1, 1)
  expect(listSessions(folder.path)).toMatchObject([{id: sessionId, error: {code: 'damaged'}}])
  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(repaired).toMatchObject({kept: 0, lost: 1})
  expect(log.state()).toMatchObject({info: {title: sessionId}})
  log.close()
})

test('a log that is being created is not listed yet', () => {
  writeFileSync(`${folder.path}/${sessionId}.db`, '')
  expect(listSessions(folder.path)).toEqual([])
})
