import {statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

import {createSessionId, reduceSession, type NewEvent, type SessionState} from '@holdfast/protocol'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {createMemoryLog, listSessions, openSqliteLog, type EventLog, type EventRange} from '../src/index.ts'
import {rewriteLog} from './fixtures/alter-log.ts'
import {complete, createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

/** Tests that every implementation of `EventLog` passes. */
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

    test('reads what was appended, with session id, seq and time', () => {
      const log = open(sessionId)
      const appended = log.append([info, queued('a'), start('a'), delta('a', 'caf\u00e9 \u{1f980}\0')])
      expect(log.read()).toEqual(appended)
      expect(appended[3]).toMatchObject({session_id: sessionId, seq: 4, at: 7})
      log.close()
    })

    test('reads the frames of a screen only where they are asked for, and counts them only there', () => {
      const log = open(sessionId)
      const frames = [{ago_ms: 0, text: 'x'.repeat(1000)}]
      const drawn: NewEvent = {type: 'screen.drawn', payload: {frames}}
      log.append([info, drawn, drawn])
      const [last] = log.append([drawn])
      const payloads = (range: EventRange) => log.read(range).map(({payload}) => payload)
      expect(payloads({afterSeq: 1, maxBytes: 500})).toEqual([{}, {}, {}])
      expect(payloads({afterSeq: 1, maxBytes: 500, frames: true})).toEqual([{frames}])
      expect(payloads({beforeSeq: 4, limit: 1, types: ['screen.drawn'], frames: true})).toEqual([{frames}])
      const [stub] = log.readEncoded({afterSeq: 3})
      expect(JSON.parse(stub?.json ?? '')).toEqual({...last, payload: {}})
      expect(stub?.event).toEqual({...last, payload: {}})
      expect(log.readEncoded({afterSeq: 3, frames: true})[0]?.event).toEqual(last)
      log.close()
    })

    test('adds nothing when an append throws', () => {
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

    test('rejects a first event other than session.info', () => {
      const log = open(sessionId)
      expect(() => log.append([queued('a')])).toThrow(/Expected event 1 .* to be `session.info`, got `prompt.queued`/)
      log.close()
    })

    test('a checkpoint changes nothing that can be read', () => {
      const log = open(sessionId)
      const appended = log.append([info, queued('a')])
      log.checkpoint()
      expect(log.read()).toEqual(appended)
      expect(log.append([start('a')])[0]?.seq).toBe(3)
      expect(log.state()?.running).toMatchObject({prompt_id: 'a'})
      log.close()
    })

    test('reads a range from either end, up to a limit', () => {
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

    test('readEncoded returns each event with its JSON on one line', () => {
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

    test('stops at maxBytes, but returns at least one event', () => {
      const log = open(sessionId)
      log.append([info, ...Array.from({length: 4}, () => delta('a', 'x'.repeat(1000)))])
      expect(log.read({afterSeq: 1, maxBytes: 2500}).map(({seq}) => seq)).toEqual([2, 3])
      expect(log.read({beforeSeq: 6, maxBytes: 2500}).map(({seq}) => seq)).toEqual([4, 5])
      expect(log.read({afterSeq: 1, maxBytes: 10}).map(({seq}) => seq)).toEqual([2])
      log.close()
    })

    test('readPrompt returns the events of a prompt without its output and its changes', () => {
      const log = open(sessionId)
      const updated: NewEvent = {type: 'prompt.updated', payload: {prompt_id: 'a', text: 'x'}}
      log.append([info, queued('a'), updated, queued('b'), start('a'), delta('a', 'out'), complete('a'), start('b')])
      expect(log.readPrompt('a').map(({type}) => type)).toEqual(['prompt.queued', 'message.start', 'message.complete'])
      expect(log.readPrompt('c')).toEqual([])
      log.close()
    })

    test('reads only events of some types, as many as asked for', () => {
      const log = open(sessionId)
      log.append([info, queued('a'), start('a'), delta('a', '1'), delta('a', '2'), complete('a')])
      log.append([queued('b'), start('b'), delta('b', '3'), complete('b')])
      const types = ['message.start', 'message.complete']
      const seqs = (range: Parameters<EventLog['read']>[0]) => log.read({...range, types}).map(({seq}) => seq)
      expect(seqs({})).toEqual([3, 6, 8, 10])
      expect(seqs({afterSeq: 3, limit: 2})).toEqual([6, 8])
      expect(seqs({beforeSeq: 10, limit: 2})).toEqual([6, 8])
      expect(seqs({beforeSeq: 11, maxBytes: 1})).toEqual([10])
      expect(log.read({types: []})).toEqual([])
      log.close()
    })

    test('readStartedPrompts returns started prompts, newest first, from the last maxEvents events', () => {
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
      const seqs = (range?: Parameters<EventLog['readStartedPrompts']>[0]) =>
        log.readStartedPrompts(range).map(({seq}) => seq)
      expect(seqs({maxTextLength: 5})).toEqual([])
      expect(seqs({maxTextLength: 6})).toEqual(seqs())
      expect(log.readStartedPrompts({maxEvents: 1})).toEqual([
        {seq: 8, promptId: 'c', at: expect.any(Number), text: 'echo c'},
      ])
      expect(seqs()).toEqual([8, 6, 3])
      expect(seqs({maxEvents: 5})).toEqual([8, 6])
      expect(seqs({beforeSeq: 8})).toEqual([6, 3])
      expect(seqs({beforeSeq: 6, maxEvents: 3})).toEqual([3])
      expect(seqs({beforeSeq: 3})).toEqual([])
      log.close()
    })

    test('state() is the reduction of the events', () => {
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
  openSqliteLog({file: join(folder.path, `${sessionId}.db`), sessionId, create: true, now: () => 7}),
)

describe('SQLite log', () => {
  const sessionId = createSessionId()

  test('continues where it was closed', () => {
    const file = join(folder.path, 'log.db')
    const before = openSqliteLog({file, sessionId, create: true})
    before.append([info, queued('a')], {durable: true})
    const state = before.state()
    before.close()
    const after = openSqliteLog({file, sessionId})
    expect(after.state()).toEqual(state)
    expect(after.append([start('a')])[0]?.seq).toBe(3)
    after.close()
  })

  test('only its owner can read the file', () => {
    const file = join(folder.path, 'log.db')
    const log = openSqliteLog({file, sessionId, create: true})
    log.append([info])
    expect([file, `${file}-wal`].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
    log.close()
  })

  test('a reader sees commits while the writer continues', () => {
    const file = join(folder.path, 'log.db')
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

  test('throws an error that names the defect of a file', () => {
    const file = (name: string) => join(folder.path, name)
    expect(() => openSqliteLog({file: file('missing.db'), sessionId})).toThrow(
      expect.objectContaining({code: 'not-found'}),
    )

    writeFileSync(file('text.db'), 'not a database, but long enough to look like one'.repeat(100))
    expect(() => openSqliteLog({file: file('text.db'), sessionId})).toThrow(expect.objectContaining({code: 'damaged'}))

    const other = new DatabaseSync(file('other.db'))
    other.exec('CREATE TABLE notes (text); PRAGMA user_version = 3')
    other.close()
    expect(() => openSqliteLog({file: file('other.db'), sessionId})).toThrow(expect.objectContaining({code: 'damaged'}))

    openSqliteLog({file: file('newer.db'), sessionId, create: true}).close()
    rewriteLog(file('newer.db'), 'PRAGMA user_version = 99')
    expect(() => openSqliteLog({file: file('newer.db'), sessionId})).toThrow(
      expect.objectContaining({code: 'newer-format'}),
    )
  })
})

describe('listSessions', () => {
  test('lists sessions from their logs, last used first, without those that have no event', () => {
    const [early, late, empty, broken] = Array.from({length: 4}, createSessionId) as [string, string, string, string]
    const write = (sessionId: string, at: number, events: NewEvent[]) => {
      const log = openSqliteLog({file: join(folder.path, `${sessionId}.db`), sessionId, create: true, now: () => at})
      log.append(events)
      log.close()
    }
    write(early, 10, [info])
    write(late, 20, [info])
    write(empty, 30, [])
    writeFileSync(join(folder.path, `${broken}.db`), 'x'.repeat(8192))
    writeFileSync(join(folder.path, 'notes.txt'), 'not a session')
    // A log that its host is just creating.
    writeFileSync(join(folder.path, `${createSessionId()}.db`), '')

    const listed = listSessions(folder.path)
    expect(listed.map(({id}) => id)).toEqual([late, early, broken])
    expect(listed[2]).toMatchObject({error: {code: 'damaged'}})
  })

  test('returns an empty list for a missing folder', () => {
    expect(listSessions(join(folder.path, 'nowhere'))).toEqual([])
  })
})
