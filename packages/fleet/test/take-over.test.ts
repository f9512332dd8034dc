import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {openSqliteLog} from '@holdfast/event-log'
import {expect, onTestFinished, test} from 'vitest'

import {readTakeOver, readTakeOverFrom} from '../src/claim/read-take-over.ts'
import {restoreLog} from '../src/read/restore-log.ts'
import {startServer} from './fixtures/start-servers.ts'
import {appendOutput, openLog, openTestFleet, ship, win} from './fixtures/test-fleet.ts'

test('a machine that comes back learns which of its events nobody else has', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId, {machine: 'dead'}), log)
  await shipper.replicated(1)
  await shipper.close()
  appendOutput(log, 'not sent', 'not sent either')
  expect(await readTakeOverFrom(fleet, log.sessionId, 'dead')).toBeUndefined()

  const folder = mkdtempSync(join(tmpdir(), 'fleet-next-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const file = join(folder, `${log.sessionId}.db`)
  const claim = await win(fleet, log.sessionId, {machine: 'next', replaces: 1})
  await restoreLog(fleet, claim, {file})
  const next = openSqliteLog({file, sessionId: log.sessionId})
  onTestFinished(() => next.close())
  appendOutput(next, 'of the next machine')
  await ship(fleet, claim, next).replicated(2)
  await win(fleet, log.sessionId, {machine: 'third', replaces: 2})

  const takeOver = await readTakeOverFrom(fleet, log.sessionId, 'dead')
  expect(takeOver).toEqual({machine: 'next', epoch: 2, state: 'open', through: 1})
  expect(log.read({afterSeq: takeOver!.through}).map(({seq}) => seq)).toEqual([2, 3])
  expect(await readTakeOver(fleet, log.sessionId, 2)).toEqual({machine: 'third', epoch: 3, state: 'open', through: 2})
  expect(await readTakeOverFrom(fleet, log.sessionId, 'a stranger')).toBeUndefined()
  await expect(readTakeOver(fleet, log.sessionId, 3)).rejects.toMatchObject({code: 'missing'})
})
