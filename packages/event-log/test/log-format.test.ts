import {statSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {createSessionId} from '@holdfast/protocol'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {listSessions, logFormat, openOrRepairLog, openSqliteLog} from '../src/index.ts'
import {alterLog, makeOlder, rewriteLog} from './fixtures/alter-log.ts'
import {createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

/** Writes a log of format 1: its stored state lacks fields. */
function writeFormat1() {
  const log = folder.writeLog([info, queued('a'), queued('b'), start('a'), delta('a', 'out')])
  makeOlder(log.file, 1)
  return {...log, copy: `${log.file}.format-1`}
}

const currentState = {info: {title: 'one'}, running: {prompt_id: 'a'}, queue: [{prompt_id: 'b'}], closed: null}

test('a reader leaves a log of an older format unchanged, and gets its state in the current format', () => {
  const {file, sessionId} = writeFormat1()
  const before = folder.contents()
  const log = openSqliteLog({file, sessionId, readOnly: true})
  expect(log.state()).toMatchObject(currentState)
  expect(log.latestSeq).toBe(5)
  log.close()
  expect(listSessions(folder.path)).toMatchObject([{state: currentState}])
  expect(folder.contents()).toEqual(before)
})

test('a writer migrates a log of an older format after it has copied it', () => {
  const {file, sessionId, copy} = writeFormat1()
  const log = openSqliteLog({file, sessionId})
  expect(log.state()).toMatchObject(currentState)
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

test('a migration that was cut short is repeated, and keeps the first copy', () => {
  const {file, sessionId, copy} = writeFormat1()
  writeFileSync(`${copy}.part`, 'half a copy')
  openSqliteLog({file, sessionId}).close()
  const kept = folder.contents()
  makeOlder(file, 1)
  openSqliteLog({file, sessionId}).close()
  expect(folder.contents()[`${sessionId}.db.format-1`]).toBe(kept[`${sessionId}.db.format-1`])
  expect(Object.keys(kept)).toEqual([`${sessionId}.db`, `${sessionId}.db.format-1`])
})

test.each([{readOnly: true}, {readOnly: false}])(
  'a log of a newer format is rejected without changing a byte of it: %j',
  ({readOnly}) => {
    const {file, sessionId} = folder.writeLog([info, queued('a')])
    rewriteLog(file, `PRAGMA user_version = ${logFormat + 1}`)
    const before = folder.contents()
    expect(() => openSqliteLog({file, sessionId, readOnly})).toThrow(
      expect.objectContaining({
        code: 'newer-format',
        message: `A newer version of Holdfast wrote ${file}: use that version (log format ${logFormat + 1}, this version reads up to ${logFormat})`,
      }),
    )
    expect(folder.contents()).toEqual(before)
  },
)

test('a reader rejects a newer log that a host has open', () => {
  const {file, sessionId} = folder.writeLog([info])
  const host = openSqliteLog({file, sessionId})
  rewriteLog(file, `PRAGMA user_version = ${logFormat + 1}`)
  expect(() => openSqliteLog({file, sessionId, readOnly: true})).toThrow(
    expect.objectContaining({code: 'newer-format'}),
  )
  host.close()
})

describe('format 3', () => {
  /** Writes a log in format 3 row by row, as that version wrote it. */
  function writeFormat3() {
    const sessionId = createSessionId()
    const file = `${folder.path}/${sessionId}.db`
    const database = new DatabaseSync(file)
    database.exec(`
      PRAGMA application_id = 0x68667374;
      PRAGMA user_version = 3;
      CREATE TABLE session (id TEXT PRIMARY KEY, state TEXT) STRICT;
      CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        type TEXT NOT NULL,
        prompt_id TEXT,
        payload TEXT NOT NULL
      ) STRICT;
      CREATE TABLE writer (epoch INTEGER NOT NULL) STRICT;
      INSERT INTO writer (epoch) VALUES (1);
      CREATE INDEX prompt_events ON events (prompt_id, seq) WHERE prompt_id IS NOT NULL AND type <> 'message.delta';`)
    database.prepare('INSERT INTO session (id, state) VALUES (?, ?)').run(sessionId, '{"info": {"title": "old"}}')
    const insert = database.prepare('INSERT INTO events (seq, at, type, prompt_id, payload) VALUES (?, 7, ?, ?, ?)')
    rows.forEach(([type, payload], index) => {
      const promptId = 'prompt_id' in payload ? payload.prompt_id : null
      insert.run(index + 1, type, promptId, JSON.stringify(payload))
    })
    database.close()
    return {file, sessionId}
  }

  /** Text that contains the renamed names; a migration must not change it. */
  const text = '"reason":"untracked" shell.output "completion":"typed"'
  const rows: [type: string, payload: {prompt_id?: string; [field: string]: unknown}][] = [
    ['session.info', {title: text, agent: 'shell', cwd: '/', completion: 'typed', created_at: 1}],
    ['prompt.queued', {prompt_id: 'a', text, position: 0}],
    ['message.start', {prompt_id: 'a', text}],
    ['shell.output', {text: '[1]+  Done\r\n'}],
    ['shell.elided', {bytes: 12}],
    ['message.complete', {prompt_id: 'a', status: 'complete', reason: 'untracked', duration_ms: 3}],
    ['prompt.queued', {prompt_id: 'b', text, position: 0}],
  ]
  const currentTypes = rows
    .map(([type]) => type)
    .with(3, 'background.output')
    .with(4, 'background.elided')

  test('a reader gets events by their current types', () => {
    const {file, sessionId} = writeFormat3()
    const before = folder.contents()
    const log = openSqliteLog({file, sessionId, readOnly: true})
    expect(log.read().map(({type}) => type)).toEqual(currentTypes)
    expect(log.readEncoded({afterSeq: 3, limit: 1})).toMatchObject([
      {json: expect.stringContaining('"background.output"')},
    ])
    expect(log.state()).toMatchObject({info: {title: text}, running: null, queue: [{prompt_id: 'b'}]})
    log.close()
    expect(folder.contents()).toEqual(before)
  })

  test('a writer renames types, reasons and strategies, and nothing else', () => {
    const {file, sessionId} = writeFormat3()
    openSqliteLog({file, sessionId}).close()
    const database = new DatabaseSync(file)
    const migrated = database.prepare('SELECT type, payload FROM events ORDER BY seq').all()
    database.close()
    expect(migrated.map(({type}) => type)).toEqual(currentTypes)
    const payloads = rows
      .map(([, payload]) => payload)
      .with(0, {...rows[0]![1], completion: 'sentinel'})
      .with(5, {...rows[5]![1], reason: 'exit-status-unknown'})
    expect(migrated.map(({payload}) => JSON.parse(String(payload)) as unknown)).toEqual(payloads)

    const copy = new DatabaseSync(`${file}.format-3`, {readOnly: true})
    const kept = copy.prepare('SELECT type FROM events ORDER BY seq').all()
    copy.close()
    expect(kept.map(({type}) => type)).toEqual(rows.map(([type]) => type))
  })

  test('a repair renames types, too', () => {
    const {file, sessionId} = writeFormat3()
    alterLog(file, `UPDATE events SET payload = '{"prompt_id": "b", "te' WHERE seq = 7`)
    const {log, repaired} = openOrRepairLog({file, sessionId})
    expect(repaired).toMatchObject({kept: 6})
    expect(log.read({limit: 6}).map(({type}) => type)).toEqual(currentTypes.slice(0, 6))
    log.close()
  })
})
