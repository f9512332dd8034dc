import {statSync, writeFileSync} from 'node:fs'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {listSessions, logFormat, openSqliteLog} from '../src/index.ts'
import {alterLog, createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

/** A log as an older version left it: its state says less than that of today. */
function writeOlderLog() {
  const log = folder.writeLog([info, queued('a'), queued('b'), start('a'), delta('a', 'out')])
  alterLog(
    log.file,
    `DROP TABLE writer; PRAGMA user_version = 1; UPDATE session SET state = '{"info": {"title": "old"}}'`,
  )
  return {...log, copy: `${log.file}.format-1`}
}

const today = {info: {title: 'one'}, running: {prompt_id: 'a'}, queue: [{prompt_id: 'b'}], closed: null}

test('a log of an older format is read as it is, with the state that its events have today', () => {
  const {file, sessionId} = writeOlderLog()
  const before = folder.contents()
  const log = openSqliteLog({file, sessionId, readOnly: true})
  expect(log.state()).toMatchObject(today)
  expect(log.latestSeq).toBe(5)
  log.close()
  expect(listSessions(folder.path)).toMatchObject([{state: today}])
  expect(folder.contents()).toEqual(before)
})

test('it is migrated when it is opened for writing, and a copy is kept of how it was', () => {
  const {file, sessionId, copy} = writeOlderLog()
  const log = openSqliteLog({file, sessionId})
  expect(log.state()).toMatchObject(today)
  expect(log.append([queued('c')])[0]?.seq).toBe(6)
  log.close()
  const again = openSqliteLog({file, sessionId, readOnly: true})
  expect(again.state()?.queue.map(({prompt_id}) => prompt_id)).toEqual(['b', 'c'])
  again.close()

  expect(statSync(copy).mode & 0o777).toBe(0o600)
  const kept = openSqliteLog({file: copy, sessionId, readOnly: true})
  expect(kept.read().map(({seq}) => seq)).toEqual([1, 2, 3, 4, 5])
  kept.close()
  expect(listSessions(folder.path)).toHaveLength(1)
})

test('a migration that did not end is done again, and the first copy stays', () => {
  const {file, sessionId, copy} = writeOlderLog()
  writeFileSync(`${copy}.part`, 'half a copy')
  openSqliteLog({file, sessionId}).close()
  const kept = folder.contents()
  alterLog(file, 'DROP TABLE writer; PRAGMA user_version = 1')
  openSqliteLog({file, sessionId}).close()
  expect(folder.contents()[`${sessionId}.db.format-1`]).toBe(kept[`${sessionId}.db.format-1`])
  expect(Object.keys(kept)).toEqual([`${sessionId}.db`, `${sessionId}.db.format-1`])
})

test.each([{readOnly: true}, {readOnly: false}])(
  'a log of a newer format is refused with what to do, and not a byte of it is touched: %j',
  ({readOnly}) => {
    const {file, sessionId} = folder.writeLog([info, queued('a')])
    alterLog(file, `PRAGMA user_version = ${logFormat + 1}`)
    const before = folder.contents()
    expect(() => openSqliteLog({file, sessionId, readOnly})).toThrow(
      expect.objectContaining({
        code: 'newer-format',
        message: `Expected a log of format ${logFormat} or older, ${file} has format ${logFormat + 1}: use the Holdfast that wrote it, or a newer one`,
      }),
    )
    expect(folder.contents()).toEqual(before)
  },
)

test('a newer log that its host still writes is refused, too', () => {
  const {file, sessionId} = folder.writeLog([info])
  const host = openSqliteLog({file, sessionId})
  alterLog(file, `PRAGMA user_version = ${logFormat + 1}`)
  expect(() => openSqliteLog({file, sessionId, readOnly: true})).toThrow(
    expect.objectContaining({code: 'newer-format'}),
  )
  host.close()
})
