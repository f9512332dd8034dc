import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {createSessionId} from '@holdfast/protocol'
import {headers} from '@nats-io/transport-node'
import {expect, onTestFinished, test} from 'vitest'

import {claimSession} from '../src/claim/claim-session.ts'
import {closeClaim} from '../src/claim/close-claim.ts'
import {readHolder} from '../src/claim/current-claim.ts'
import {deleteSession} from '../src/claim/delete-session.ts'
import {readTakeOver, readTakeOverFrom} from '../src/claim/read-take-over.ts'
import {planTakeOver} from '../src/machines/choose-machine.ts'
import {listHeldSessions} from '../src/machines/list-held-sessions.ts'
import {readSession} from '../src/read/read-session.ts'
import {restoreLog} from '../src/read/restore-log.ts'
import type {Fleet} from '../src/stream/fleet.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {lastClaim} from '../src/stream/session-messages.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {startServer} from './fixtures/start-servers.ts'
import {allEvents, appendOutput, openLog, openTestFleet, readUntil, ship, win} from './fixtures/test-fleet.ts'

/** The subjects of a session that have messages, with their bytes. */
async function readRest(fleet: Fleet, sessionId: string): Promise<[subject: string, bytes: number][]> {
  const rest: [string, number][] = []
  const {state} = await natsOf(fleet).manager.streams.info('holdfast-main-0-of-1')
  for (let seq = Math.max(state.first_seq, 1); seq <= state.last_seq; seq++) {
    const message = await natsOf(fleet).manager.streams.getMessage('holdfast-main-0-of-1', {seq})
    if (message?.subject.includes(sessionId)) rest.push([message.subject, message.data.length])
  }
  return rest
}

test('a closed session is taken over by no machine, and is open again once it is claimed', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const claim = await win(fleet, log.sessionId)
  const shipper = ship(fleet, claim, log)
  await shipper.replicated(1)
  await shipper.close()

  await closeClaim(fleet, claim)
  // After an answer that was lost.
  await closeClaim(fleet, claim)

  expect(await readHolder(fleet, log.sessionId)).toEqual({machine: 'box', epoch: 2, needs: [], state: 'closed'})
  const closed = await listHeldSessions(fleet, 0)
  expect(closed).toMatchObject([{sessionId: log.sessionId, state: 'closed'}])
  const machines = [{name: 'other', instance: '1', labels: [], accepts: true}]
  expect(planTakeOver(closed, machines, 'other')).toEqual({take: [], stranded: []})

  const again = await win(fleet, log.sessionId, {machine: 'other', replaces: 2})
  expect(again).toMatchObject({epoch: 3, through: 1})
  appendOutput(log, 'more')
  await ship(fleet, again, log).replicated(2)
  expect(await readHolder(fleet, log.sessionId)).toMatchObject({machine: 'other', state: 'open'})
  expect(await readUntil(fleet, log.sessionId, 2)).toEqual(allEvents(log))
})

test('a session that another machine has claimed is not closed', async () => {
  const fleet = await openTestFleet([await startServer()])
  const sessionId = createSessionId()
  const claim = await win(fleet, sessionId)
  await win(fleet, sessionId, {machine: 'other', replaces: 1})
  await expect(closeClaim(fleet, claim)).rejects.toMatchObject({
    code: 'fenced',
    message: `Session ${sessionId} has moved to machine other`,
  })
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'other', state: 'open'})
})

test('of a deleted session nothing stays but that it was deleted', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const kept = openLog()
  await ship(fleet, await win(fleet, kept.sessionId), kept).replicated(1)
  await win(fleet, log.sessionId)
  const claim = await win(fleet, log.sessionId, {replaces: 1})
  const shipper = ship(fleet, claim, log)
  appendOutput(log, 'a secret')
  await shipper.replicated(2)

  await deleteSession(fleet, log.sessionId)
  await deleteSession(fleet, log.sessionId)

  const {log: subject, deleted, claim: claimSubject} = sessionSubjects('main', 1, log.sessionId)
  const rest = await readRest(fleet, log.sessionId)
  expect(Object.fromEntries(rest)).toEqual({[deleted]: 0, [claimSubject(3)]: 0, [subject]: 0})
  expect(rest).toHaveLength(3)
  expect(await readHolder(fleet, log.sessionId)).toMatchObject({epoch: 3, state: 'deleted'})
  expect(await listHeldSessions(fleet, 0)).toMatchObject([
    {sessionId: kept.sessionId, state: 'open'},
    {sessionId: log.sessionId, state: 'deleted', epoch: 3},
  ])
  const gone = {code: 'deleted', message: `Session ${log.sessionId} was deleted`}
  for (const replaces of [1, 2, 3]) {
    const claiming = claimSession(fleet, log.sessionId, {machine: 'other', instance: '1', replaces})
    await expect(claiming).rejects.toMatchObject(gone)
  }
  await expect(closeClaim(fleet, claim)).rejects.toMatchObject(gone)
  await expect(readSession(fleet, log.sessionId).next()).rejects.toMatchObject(gone)
  const folder = mkdtempSync(join(tmpdir(), 'fleet-deleted-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  await expect(
    restoreLog(fleet, {...claim, through: 2}, {file: join(folder, `${log.sessionId}.db`)}),
  ).rejects.toMatchObject(gone)
  expect(await readUntil(fleet, kept.sessionId, 1)).toEqual(allEvents(kept))
})

test('the holder of a deleted session learns it with its next message, and stores no event any more', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  await shipper.replicated(1)
  await deleteSession(fleet, log.sessionId)

  appendOutput(log, 'too late')
  const accepted = shipper.replicated(2)
  shipper.wake()

  await expect(accepted).rejects.toMatchObject({code: 'deleted'})
  expect(shipper.state).toEqual({kind: 'deleted'})
  expect((await readRest(fleet, log.sessionId)).every(([, bytes]) => bytes === 0)).toBe(true)
})

test('a machine that stood still while another one took its session over, and that was deleted, learns so', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const claim = await win(fleet, log.sessionId, {machine: 'still'})
  const [asking, sending] = [ship(fleet, claim, log), ship(fleet, claim, log)]
  await Promise.all([asking.replicated(1), sending.replicated(1)])
  await win(fleet, log.sessionId, {machine: 'other', replaces: 1})
  await deleteSession(fleet, log.sessionId)

  asking.check()
  await expect.poll(() => asking.state).toEqual({kind: 'deleted'})
  appendOutput(log, 'too late')
  sending.wake()
  await expect.poll(() => sending.state).toEqual({kind: 'deleted'})
  const deletion = {machine: 'other', epoch: 3, state: 'deleted', through: undefined}
  expect(await readTakeOver(fleet, log.sessionId, 1)).toEqual(deletion)
  expect(await readTakeOverFrom(fleet, log.sessionId, 'still')).toEqual(deletion)
  expect(await readTakeOverFrom(fleet, log.sessionId, 'other')).toEqual(deletion)
})

test('a reader of a session that is deleted meanwhile ends', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(1)
  const reading = readSession(fleet, log.sessionId)
  await reading.next()
  const ended = expect(reading.next()).rejects.toMatchObject({code: 'deleted'})
  await deleteSession(fleet, log.sessionId)
  await ended
})

test('a claim of a deleted session that comes late does not bring it back', async () => {
  const fleet = await openTestFleet([await startServer()])
  const sessionId = createSessionId()
  await win(fleet, sessionId)
  const subjects = sessionSubjects('main', 1, sessionId)
  const {envelope} = (await lastClaim(fleet, subjects))!
  await win(fleet, sessionId, {replaces: 1})
  await deleteSession(fleet, sessionId)

  const header = headers()
  header.set('Holdfast', JSON.stringify(envelope))
  await natsOf(fleet).jetstream.publish(subjects.claim(1), undefined, {headers: header})

  expect(await readHolder(fleet, sessionId)).toMatchObject({epoch: 3, state: 'deleted'})
})

test('nothing is left of a session that nobody has claimed', async () => {
  const fleet = await openTestFleet([await startServer()])
  const sessionId = createSessionId()
  await deleteSession(fleet, sessionId)
  expect(await readRest(fleet, sessionId)).toEqual([])
})
