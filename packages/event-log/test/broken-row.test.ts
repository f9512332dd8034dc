import {afterEach, beforeEach, expect, test} from 'vitest'

import {openOrRepairLog, openSqliteLog, type Recovery} from '../src/index.ts'
import {alterLog, makeOlder} from './fixtures/alter-log.ts'
import {complete, createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

/** Writes a log and damages the payload of one event. */
function writeBroken(seq: number, payload = '{"prompt_id": "a", "te') {
  const log = folder.writeLog([info, queued('a'), start('a'), delta('a', 'out'), complete('a'), queued('b')])
  alterLog(log.file, `UPDATE events SET payload = '${payload}' WHERE seq = ${seq}`)
  return log
}

const types = ['session.info', 'prompt.queued', 'message.start', 'message.delta', 'message.complete', 'prompt.queued']

test.each([1, 2, 3, 4, 5, 6])('a malformed event %i is read as `event.lost`, and all others are intact', (seq) => {
  const {file, sessionId} = writeBroken(seq)
  const log = openSqliteLog({file, sessionId, readOnly: true})
  const found = log.read().map((event) => event.type)
  expect(found).toEqual(types.with(seq - 1, 'event.lost'))
  expect(log.read({afterSeq: seq - 1, limit: 1})).toMatchObject([{type: 'event.lost', seq}])
  log.close()
})

test.each(['', 'null', '7', '[]', '"text"'])('an event with the payload `%s` is read as `event.lost`', (payload) => {
  const {file, sessionId} = writeBroken(4, payload)
  const log = openSqliteLog({file, sessionId, readOnly: true})
  expect(log.read().map(({type}) => type)).toEqual(types.with(3, 'event.lost'))
  log.close()
})

test('readPrompt throws for a prompt with a malformed event: a guess might run the prompt twice', () => {
  const {file, sessionId} = writeBroken(3)
  const log = openSqliteLog({file, sessionId, readOnly: true})
  expect(() => log.readPrompt('a')).toThrow(expect.objectContaining({code: 'damaged'}))
  expect(log.readPrompt('b').map(({type}) => type)).toEqual(['prompt.queued'])
  log.close()
})

test.each(['{"prompt_id": "a", "te', 'null', '{}'])('an older log with the payload `%s` is repaired', (payload) => {
  const {file, sessionId} = writeBroken(2, payload)
  makeOlder(file, 1)
  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(repaired).toMatchObject({kept: 5, lost: 1})
  expect(
    log
      .read()
      .map(({type}) => type)
      .slice(0, 6),
  ).toEqual(types.with(1, 'event.lost'))
  log.close()
})

test('the host that finds a malformed event repairs the log before it writes again', () => {
  const {file, sessionId} = writeBroken(4)
  const recoveries: Recovery[] = []
  const {log, repaired} = openOrRepairLog({file, sessionId, onRecovered: (recovery) => void recoveries.push(recovery)})
  expect(repaired).toBeUndefined()
  expect(log.read()).toHaveLength(6)
  expect(recoveries).toEqual([])
  log.append([queued('c')])
  expect(recoveries).toMatchObject([{kind: 'damaged', kept: 5, lost: 1}])
  expect(log.read().map(({type}) => type)).toEqual([...types.with(3, 'event.lost'), 'note', 'prompt.queued'])
  log.close()
})

test('the host that finds a malformed event and dies leaves the repair to the next host', () => {
  const {file, sessionId} = writeBroken(4)
  const {log} = openOrRepairLog({file, sessionId})
  log.read()
  log.close()
  const next = openOrRepairLog({file, sessionId})
  expect(next.repaired).toMatchObject({kept: 5, lost: 1})
  next.log.close()
})
