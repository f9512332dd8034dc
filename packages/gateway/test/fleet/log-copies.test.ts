import {existsSync, mkdtempSync, rmSync} from 'node:fs'

import {hasLog, openSqliteLog, sessionPaths, takeLease} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, onTestFinished, test} from 'vitest'

import {createLogCopies} from '../../src/fleet/log-copies.ts'

const never = new AbortController().signal

/** Copies of logs that get one event more each time. */
function openCopies(bounds: {maxCopies?: number; maxBytes?: number} = {}) {
  const folder = mkdtempSync('/tmp/hf-copies-')
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const made: string[] = []
  const copies = createLogCopies({
    folder,
    cluster: {
      async copyLog(sessionId, {file}) {
        made.push(sessionId)
        const log = openSqliteLog({file, sessionId, create: true})
        const info = {title: 'one', agent: 'shell', cwd: '/', created_at: 1}
        log.append([log.latestSeq === 0 ? {type: 'session.info', payload: info} : note])
        log.close()
      },
    },
    ...bounds,
  })
  const isThere = (id: string) => hasLog(sessionPaths(folder, id).log)
  return {folder, copies, made, isThere}
}

const note = {type: 'note', payload: {text: 'more', level: 'info'}} as const

test('a copy is brought up to date each time, and can be read', async () => {
  const {copies} = openCopies()
  const id = createSessionId()
  expect(copies.summarize(id)).toBeUndefined()
  for (const seq of [1, 2]) {
    const logs = await copies.bring(id, never)
    expect(logs.read(id, (log) => log.latestSeq)).toBe(seq)
  }
  expect(copies.summarize(id)).toMatchObject({id, title: 'one'})
  copies.remove(id)
  expect(copies.summarize(id)).toBeUndefined()
})

test('beyond their bounds, the copies that changed longest ago go', async () => {
  for (const bounds of [{maxCopies: 2}, {maxBytes: 1}]) {
    const {copies, isThere} = openCopies(bounds)
    const ids = Array.from({length: 3}, createSessionId)
    for (const id of ids) await copies.bring(id, never)
    expect(ids.filter(isThere)).toEqual('maxCopies' in bounds ? ids.slice(1) : ids.slice(2))
  }
})

test('a log is copied by one process at a time', async () => {
  const {folder, copies, made} = openCopies()
  const id = createSessionId()
  await copies.bring(id, never)
  const other = takeLease(sessionPaths(folder, id).lease, {waitMs: 0})
  const copied = Promise.all([copies.bring(id, never), copies.bring(id, never)])
  await new Promise((resolve) => setImmediate(resolve))
  expect(made).toHaveLength(1)
  other.release()
  await copied
  expect(made).toHaveLength(3)
  expect(existsSync(sessionPaths(folder, id).log)).toBe(true)
})

test('who waits for a copy can leave', async () => {
  const {folder, copies} = openCopies()
  const id = createSessionId()
  await copies.bring(id, never)
  const other = takeLease(sessionPaths(folder, id).lease, {waitMs: 0})
  const leaving = new AbortController()
  const copied = copies.bring(id, leaving.signal)
  leaving.abort(new Error('gone'))
  await expect(copied).rejects.toThrow()
  other.release()
})
