import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {openSqliteLog} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, onTestFinished, test} from 'vitest'

import {deleteSession} from '../src/claim/delete-session.ts'
import {copyLog} from '../src/read/copy-log.ts'
import {startServer} from './fixtures/start-servers.ts'
import {allEvents, appendOutput, openLog, openTestFleet, ship, win} from './fixtures/test-fleet.ts'

function newFile(sessionId: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-copy-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return join(folder, `${sessionId}.db`)
}

function readCopy(file: string, sessionId: string) {
  const copy = openSqliteLog({file, sessionId})
  try {
    return allEvents(copy)
  } finally {
    copy.close()
  }
}

test('copies what the cluster has now of a session that another machine holds, and later the rest', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const file = newFile(log.sessionId)
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  await shipper.replicated(1)
  expect(await copyLog(fleet, log.sessionId, {file})).toBe(1)

  appendOutput(log, 'a', 'x'.repeat(400_000))
  appendOutput(log, 'b')
  shipper.wake()
  await shipper.replicated(4)
  expect(await copyLog(fleet, log.sessionId, {file})).toBe(3)
  expect(await copyLog(fleet, log.sessionId, {file})).toBe(0)
  expect(readCopy(file, log.sessionId)).toEqual(allEvents(log))
})

test('copies what two machines wrote one after the other, and nothing that does not count', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId, {machine: 'first'}), log).replicated(1)
  const claim = await win(fleet, log.sessionId, {machine: 'second', replaces: 1})
  const file = newFile(log.sessionId)
  expect(await copyLog(fleet, log.sessionId, {file})).toBe(1)
  appendOutput(log, 'of the second')
  await ship(fleet, claim, log).replicated(2)
  await win(fleet, log.sessionId, {machine: 'third', replaces: 2})
  expect(await copyLog(fleet, log.sessionId, {file})).toBe(1)
  expect(readCopy(file, log.sessionId)).toEqual(allEvents(log))
})

test('says that there is no such session, that it was deleted, and that a file is not a copy', async () => {
  const fleet = await openTestFleet([await startServer()])
  const unknown = createSessionId()
  await expect(copyLog(fleet, unknown, {file: newFile(unknown)})).rejects.toMatchObject({
    code: 'missing',
    message: `Nobody has claimed session ${unknown}`,
  })
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  await shipper.replicated(1)
  await shipper.close()
  appendOutput(log, 'not sent')
  await expect(copyLog(fleet, log.sessionId, {file: log.file})).rejects.toMatchObject({code: 'diverged'})
  const file = newFile(log.sessionId)
  await copyLog(fleet, log.sessionId, {file})
  await deleteSession(fleet, log.sessionId)
  await expect(copyLog(fleet, log.sessionId, {file})).rejects.toMatchObject({code: 'deleted'})
})

test('adds nothing to a log that ends with another event than the cluster has', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  appendOutput(log, 'a', 'b')
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(3)
  const {sessionId} = log
  const file = newFile(sessionId)
  const other = openSqliteLog({file, sessionId, create: true, now: () => 5})
  other.append([{type: 'session.info', payload: {title: 'other', agent: 'shell', cwd: '/', created_at: 1}}])
  other.close()
  await expect(copyLog(fleet, sessionId, {file})).rejects.toMatchObject({
    code: 'diverged',
    message: `Event 1 of session ${sessionId} differs from the one in the cluster: move this log away, and read it back`,
  })
  expect(readCopy(file, sessionId)).toHaveLength(1)
})

test('ends with its signal', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(1)
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(copyLog(fleet, log.sessionId, {file: newFile(log.sessionId), signal})).rejects.toThrow('enough')
})
