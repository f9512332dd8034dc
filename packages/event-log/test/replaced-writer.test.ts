import {copyFileSync, readdirSync, renameSync} from 'node:fs'

import {createSessionId} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {isEventLogError, isReplaced, openOrRepairLog, openSqliteLog, takeLease} from '../src/index.ts'
import {change, replaceAll} from './fixtures/damage.ts'
import {createLogFolder, delta, info, queued} from './fixtures/log-folder.ts'

/** Opens a log for writing twice: the second writer replaces the first. */
function openTwice(folder: {path: string}) {
  const sessionId = createSessionId()
  const file = `${folder.path}/${sessionId}.db`
  const old = openSqliteLog({file, sessionId, create: true})
  old.append([info])
  const successor = openSqliteLog({file, sessionId})
  return {old, successor}
}

const replaced = expect.objectContaining({code: 'replaced'})

test('the appends of a replaced writer throw `replaced` and write nothing', () => {
  using folder = createLogFolder()
  const {old, successor} = openTwice(folder)
  expect(() => old.append([delta('a', 'late')])).toThrow(replaced)
  expect(() => old.append([queued('a')], {durable: true})).toThrow(replaced)
  expect(successor.append([delta('a', 'here')])[0]?.seq).toBe(2)
  expect(successor.read().map(({seq}) => seq)).toEqual([1, 2])
  for (const log of [old, successor]) log.close()
})

test('appending no events throws if another writer has replaced this one', () => {
  using folder = createLogFolder()
  const {old, successor} = openTwice(folder)
  expect(successor.append([])).toEqual([])
  expect(() => old.append([])).toThrow(replaced)
  for (const log of [old, successor]) log.close()
})

test('isReplaced is true for this error only', () => {
  using folder = createLogFolder()
  const {old, successor} = openTwice(folder)
  const faultOf = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return error
    }
  }
  expect(isReplaced(faultOf(() => old.append([])))).toBe(true)
  successor.close()
  const closed = faultOf(() => successor.append([info]))
  expect(closed).toBeInstanceOf(Error)
  expect(isReplaced(closed)).toBe(false)
  expect(isEventLogError(closed)).toBe(true)
  expect(isEventLogError(new Error('closed'))).toBe(false)
  old.close()
})

test('a reader does not replace the writer', () => {
  using folder = createLogFolder()
  const sessionId = createSessionId()
  const file = `${folder.path}/${sessionId}.db`
  const writer = openSqliteLog({file, sessionId, create: true})
  openSqliteLog({file, sessionId, readOnly: true}).close()
  expect(writer.append([info])).toHaveLength(1)
  writer.close()
})

/** Replaces a file with a copy, as the restore of a backup does. */
function restore(file: string, backup: string): void {
  copyFileSync(backup, `${file}.restored`)
  renameSync(`${file}.restored`, file)
}

test.each([
  ['the last', 0],
  ['an older', 2],
])('the writer of a log that was restored from the backup of %s writer leaves it to the next one', (_, writers) => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info])
  const lock = `${file}-lock`
  const backup = `${folder.path}/backup`
  copyFileSync(file, backup)
  for (let count = 0; count < writers; count++) openSqliteLog({file, sessionId}).close()
  const lease = takeLease(lock)
  const old = openOrRepairLog({file, sessionId, lease}).log
  old.checkpoint()
  if (writers === 0) copyFileSync(file, backup)
  restore(file, backup)
  restore(lock, backup)
  for (const suffix of ['-wal', '-shm']) renameSync(file + suffix, `${folder.path}/old${suffix}`)
  const nextLease = takeLease(lock)
  const next = openOrRepairLog({file, sessionId, lease: nextLease}).log
  next.append([queued('a')])

  expect(() => old.append([delta('a', 'late')])).toThrow(replaced)
  expect(() => old.append([])).toThrow(replaced)
  next.append([queued('b')])
  expect(next.read().map(({type}) => type)).toEqual(['session.info', 'prompt.queued', 'prompt.queued'])
  expect(readdirSync(folder.path).filter((name) => name.includes('damaged'))).toEqual([])
  for (const closing of [old, next]) closing.close()
  for (const held of [lease, nextLease]) held.release()
  const reader = openSqliteLog({file, sessionId, readOnly: true})
  expect(reader.read()).toHaveLength(3)
  reader.close()
})

test('a replaced writer leaves a log whose WAL the next one has written into the file', () => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info])
  const old = openOrRepairLog({file, sessionId}).log
  old.append([queued('a')])
  const next = openOrRepairLog({file, sessionId}).log
  next.append([queued('b')])
  next.checkpoint()
  expect(() => old.append([])).toThrow(replaced)
  expect(() => old.append([delta('a', 'late')])).toThrow(replaced)
  next.append([queued('c')])
  expect(next.read().map(({type}) => type)).toEqual(['session.info', ...['a', 'b', 'c'].map(() => 'prompt.queued')])
  for (const log of [old, next]) log.close()
})

test('a replaced writer that finds damage leaves the repair to the next one', () => {
  using folder = createLogFolder()
  // On pages that neither writer has in its cache.
  const output = Array.from({length: 100}, () => delta('a', 'x'.repeat(1000)))
  const {file, sessionId} = folder.writeLog([info, queued('a', 'apple'), ...output])
  const old = openOrRepairLog({file, sessionId}).log
  const next = openOrRepairLog({file, sessionId}).log
  next.append([queued('c')])
  change(file, (bytes) => replaceAll(bytes, 'apple', 'apply'))
  expect(old.read().map(({type}) => type)).toContain('event.lost')
  expect(() => old.append([])).toThrow(replaced)
  expect(() => old.append([delta('a', 'late')])).toThrow(replaced)
  old.close()
  expect(readdirSync(folder.path).filter((name) => name.includes('damaged'))).toEqual([])
  expect(next.append([queued('d')])[0]?.seq).toBe(output.length + 4)
  next.close()
})
