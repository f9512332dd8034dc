import {readFileSync} from 'node:fs'

import type {NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSqliteLog, type EventLog} from '../src/index.ts'
import {rewriteLog} from './fixtures/alter-log.ts'
import {createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

/** Number of read system calls of this thread; SQLite makes one for each page that is not in its cache. Linux only. */
function systemReads(): number {
  const [, reads] = /^syscr: (\d+)$/m.exec(readFileSync('/proc/thread-self/io', 'utf8')) ?? []
  return Number(reads)
}

function readsOf(use: () => void): number {
  const before = systemReads()
  use()
  return systemReads() - before
}

/** Writes a log of `length` events, most of them output. */
function writeLongLog(folder: LogFolder, length: number) {
  const log = folder.writeLog([info, queued('a'), start('a'), ...Array<NewEvent>(7).fill(delta('a', 'x'.repeat(80)))])
  // Faster than `append`.
  rewriteLog(
    log.file,
    `WITH RECURSIVE more (seq) AS (SELECT 11 UNION ALL SELECT seq + 1 FROM more WHERE seq < ${length})
     INSERT INTO events SELECT more.seq, at, type, prompt_id, payload, 0 FROM more, events WHERE events.seq = 10`,
  )
  return log
}

const uses: [string, (log: EventLog) => unknown][] = [
  ['opening a log and its state', (log) => log.state()],
  ['reading the last events', (log) => expect(log.read({afterSeq: log.latestSeq - 7})).toHaveLength(7)],
  ['reading a page back', (log) => expect(log.read({beforeSeq: log.latestSeq, limit: 5})).toHaveLength(5)],
  ['reading a prompt', (log) => expect(log.readPrompt('a')).toHaveLength(2)],
]

test.each(uses)('%s: the cost does not depend on the length of the log', (_what, use) => {
  using folder = createLogFolder()
  const readsFor = (length: number) => {
    const {file, sessionId} = writeLongLog(folder, length)
    const log = openSqliteLog({file, sessionId, readOnly: true})
    expect(log.latestSeq).toBe(length)
    log.close()
    return readsOf(() => {
      const opened = openSqliteLog({file, sessionId, readOnly: true})
      use(opened)
      opened.close()
    })
  }
  const short = readsFor(20)
  expect(short).toBeGreaterThan(0)
  // A B-tree with 5,000 times as many rows is a few levels higher; each case searches three trees at most.
  expect(readsFor(100_000)).toBeLessThanOrEqual(short + 9)
})

test('appending: the cost does not depend on the length of the log', () => {
  using folder = createLogFolder()
  const {file, sessionId} = writeLongLog(folder, 100_000)
  const log = openSqliteLog({file, sessionId})
  expect(readsOf(() => log.append([delta('a', 'more'), queued('b')]))).toBeLessThan(10)
  expect(log.latestSeq).toBe(100_002)
  log.close()
})
