import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

import {createSessionId, reduceSession, type NewEvent, type SessionState} from '@holdfast/protocol'
import {afterEach, describe, expect, test} from 'vitest'

import {createMemoryLog, listSessions, openSqliteLog, type EventLog} from '../src/index.ts'

const folders: string[] = []

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-log-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true})
})

const info: NewEvent = {
  type: 'session.info',
  payload: {title: 'one', agent: 'shell', cwd: '/tmp', created_at: 1},
}
const queued = (prompt_id: string): NewEvent => ({
  type: 'prompt.queued',
  payload: {prompt_id, text: `echo ${prompt_id}`, position: 0},
})
const start = (prompt_id: string): NewEvent => ({
  type: 'message.start',
  payload: {prompt_id, text: `echo ${prompt_id}`},
})
const delta = (prompt_id: string, text: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text}})
const complete = (prompt_id: string): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id, status: 'complete', exit_code: 0, duration_ms: 3},
})

/** What every log does, whatever it keeps its events in. */
function testEventLog(name: string, open: (sessionId: string) => EventLog) {
  describe(`${name} log`, () => {
    const sessionId = createSessionId()

    test('numbers events from 1 without a gap', () => {
      const log = open(sessionId)
      const first = log.append([info, queued('a')])
      const second = log.append([start('a')])
      expect([...first, ...second].map(({seq}) => seq)).toEqual([1, 2, 3])
      expect(log.latestSeq).toBe(3)
      expect(log.read().map(({seq, type}) => [seq, type])).toEqual([
        [1, 'session.info'],
        [2, 'prompt.queued'],
        [3, 'message.start'],
      ])
      log.close()
    })

    test('gives back what was appended, with its session and time', () => {
      const log = open(sessionId)
      const appended = log.append([info, queued('a'), start('a'), delta('a', 'caf\u00e9 \u{1f980}\0')])
      expect(log.read()).toEqual(appended)
      expect(appended[3]).toMatchObject({session_id: sessionId, seq: 4, at: 7})
      log.close()
    })

    test('adds nothing when an append is refused', () => {
      const log = open(sessionId)
      log.append([info])
      const cyclic = {...info.payload} as Record<string, unknown>
      cyclic['self'] = cyclic
      expect(() => log.append([queued('a'), {type: 'session.info', payload: cyclic} as unknown as NewEvent])).toThrow()
      expect(log.latestSeq).toBe(1)
      expect(log.read()).toHaveLength(1)
      expect(log.state()?.queue).toEqual([])
      expect(log.append([queued('b')])[0]?.seq).toBe(2)
      log.close()
    })

    test('refuses a log that does not begin with session.info', () => {
      const log = open(sessionId)
      expect(() => log.append([queued('a')])).toThrow(/Expected event 1 .* to be `session.info`, got `prompt.queued`/)
      log.close()
    })

    test('reads from either end, within the bounds asked for', () => {
      const log = open(sessionId)
      log.append([info, ...Array.from({length: 9}, (_, index) => delta('a', String(index)))])
      const seqs = (range: Parameters<EventLog['read']>[0]) => log.read(range).map(({seq}) => seq)
      expect(seqs({afterSeq: 7})).toEqual([8, 9, 10])
      expect(seqs({afterSeq: 10})).toEqual([])
      expect(seqs({afterSeq: 2, limit: 2})).toEqual([3, 4])
      expect(seqs({beforeSeq: 5})).toEqual([1, 2, 3, 4])
      expect(seqs({beforeSeq: 9, limit: 2})).toEqual([7, 8])
      expect(seqs({afterSeq: 2, beforeSeq: 5})).toEqual([3, 4])
      log.close()
    })

    test('gives each event with its JSON, of which each has one line', () => {
      const log = open(sessionId)
      log.append([info, queued('a'), start('a'), delta('a', 'caf\u00e9\r\n "\ud800')])
      log.append([delta('a', 'one'), delta('a', 'two')])
      for (const range of [{}, {afterSeq: 4}, {afterSeq: 4, limit: 1}, {afterSeq: 5}, {afterSeq: 6}, {beforeSeq: 3}]) {
        const encoded = log.readEncoded(range)
        expect(encoded.map(({event}) => event)).toEqual(log.read(range))
        expect(encoded.map(({json}) => JSON.parse(json) as unknown)).toEqual(log.read(range))
        expect(encoded.filter(({json}) => json.includes('\n'))).toEqual([])
      }
      log.close()
    })

    test('stops before the bytes asked for, but always gives one event', () => {
      const log = open(sessionId)
      log.append([info, ...Array.from({length: 4}, () => delta('a', 'x'.repeat(1000)))])
      expect(log.read({afterSeq: 1, maxBytes: 2500}).map(({seq}) => seq)).toEqual([2, 3])
      expect(log.read({beforeSeq: 6, maxBytes: 2500}).map(({seq}) => seq)).toEqual([4, 5])
      expect(log.read({afterSeq: 1, maxBytes: 10}).map(({seq}) => seq)).toEqual([2])
      log.close()
    })

    test('gives all of a prompt but its output', () => {
      const log = open(sessionId)
      log.append([info, queued('a'), queued('b'), start('a'), delta('a', 'out'), complete('a'), start('b')])
      expect(log.readPrompt('a').map(({type}) => type)).toEqual(['prompt.queued', 'message.start', 'message.complete'])
      expect(log.readPrompt('c')).toEqual([])
      log.close()
    })

    test('gives the prompts that began, the newest first, of so many events', () => {
      const log = open(sessionId)
      log.append([
        info,
        queued('a'),
        start('a'),
        delta('a', 'out'),
        complete('a'),
        start('b'),
        complete('b'),
        start('c'),
      ])
      const begun = (range?: Parameters<EventLog['readBegun']>[0]) => log.readBegun(range).map(({seq}) => seq)
      expect(log.readBegun({maxEvents: 1})).toEqual([{seq: 8, at: expect.any(Number), text: 'echo c'}])
      expect(begun()).toEqual([8, 6, 3])
      expect(begun({maxEvents: 5})).toEqual([8, 6])
      expect(begun({beforeSeq: 8})).toEqual([6, 3])
      expect(begun({beforeSeq: 6, maxEvents: 3})).toEqual([3])
      expect(begun({beforeSeq: 3})).toEqual([])
      log.close()
    })

    test('keeps the state that its events fold into', () => {
      const log = open(sessionId)
      expect(log.state()).toBeUndefined()
      log.append([info, queued('a'), queued('b')])
      log.append([start('a'), delta('a', 'out')])
      expect(log.state()).toEqual(log.read().reduce<SessionState | undefined>(reduceSession, undefined))
      expect(log.state()).toMatchObject({running: {prompt_id: 'a'}, queue: [{prompt_id: 'b'}]})
      log.close()
    })
  })
}

testEventLog('memory', (sessionId) => createMemoryLog({sessionId, now: () => 7}))
testEventLog('SQLite', (sessionId) =>
  openSqliteLog({file: join(newFolder(), `${sessionId}.db`), sessionId, create: true, now: () => 7}),
)

describe('SQLite log', () => {
  const sessionId = createSessionId()

  test('goes on where it was closed', () => {
    const file = join(newFolder(), 'log.db')
    const before = openSqliteLog({file, sessionId, create: true})
    before.append([info, queued('a')], {durable: true})
    const state = before.state()
    before.close()
    const after = openSqliteLog({file, sessionId})
    expect(after.state()).toEqual(state)
    expect(after.append([start('a')])[0]?.seq).toBe(3)
    after.close()
  })

  test('is readable by its owner only', () => {
    const file = join(newFolder(), 'log.db')
    const log = openSqliteLog({file, sessionId, create: true})
    log.append([info])
    expect([file, `${file}-wal`].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
    log.close()
  })

  test('shows a reader what is committed while the writer goes on', () => {
    const file = join(newFolder(), 'log.db')
    const writer = openSqliteLog({file, sessionId, create: true})
    writer.append([info])
    const reader = openSqliteLog({file, sessionId, readOnly: true})
    expect(reader.latestSeq).toBe(1)
    writer.append([queued('a')])
    expect(reader.latestSeq).toBe(2)
    expect(reader.state()?.queue).toHaveLength(1)
    expect(() => reader.append([queued('b')])).toThrow(expect.objectContaining({code: 'failed'}))
    reader.close()
    writer.close()
  })

  test('says what is wrong with a file that it cannot use', () => {
    const folder = newFolder()
    const file = (name: string) => join(folder, name)
    expect(() => openSqliteLog({file: file('missing.db'), sessionId})).toThrow(
      expect.objectContaining({code: 'not-found'}),
    )

    writeFileSync(file('text.db'), 'no database at all, but long enough to be looked at'.repeat(100))
    expect(() => openSqliteLog({file: file('text.db'), sessionId})).toThrow(expect.objectContaining({code: 'damaged'}))

    const other = new DatabaseSync(file('other.db'))
    other.exec('CREATE TABLE notes (text); PRAGMA user_version = 3')
    other.close()
    expect(() => openSqliteLog({file: file('other.db'), sessionId})).toThrow(expect.objectContaining({code: 'damaged'}))

    openSqliteLog({file: file('newer.db'), sessionId, create: true}).close()
    const newer = new DatabaseSync(file('newer.db'))
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => openSqliteLog({file: file('newer.db'), sessionId})).toThrow(
      expect.objectContaining({code: 'newer-format'}),
    )
  })
})

describe('listSessions', () => {
  test('reads the logs themselves, the last used first, and leaves out what was never returned', () => {
    const folder = newFolder()
    const [early, late, empty, broken] = Array.from({length: 4}, createSessionId) as [string, string, string, string]
    const write = (sessionId: string, at: number, events: NewEvent[]) => {
      const log = openSqliteLog({file: join(folder, `${sessionId}.db`), sessionId, create: true, now: () => at})
      log.append(events)
      log.close()
    }
    write(early, 10, [info])
    write(late, 20, [info])
    write(empty, 30, [])
    writeFileSync(join(folder, `${broken}.db`), 'x'.repeat(8192))
    writeFileSync(join(folder, 'notes.txt'), 'not a session')
    // A log at the moment of its making.
    writeFileSync(join(folder, `${createSessionId()}.db`), '')

    const listed = listSessions(folder)
    expect(listed.map(({id}) => id)).toEqual([late, early, broken])
    expect(listed[2]).toMatchObject({error: {code: 'damaged'}})
  })

  test('finds none in a folder that is not there', () => {
    expect(listSessions(join(newFolder(), 'nowhere'))).toEqual([])
  })
})
