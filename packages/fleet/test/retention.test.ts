import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'

import {expect, onTestFinished, test} from 'vitest'

import {closeClaim} from '../src/claim/close-claim.ts'
import {readHolder} from '../src/claim/current-claim.ts'
import {deleteSession} from '../src/claim/delete-session.ts'
import {listHeldSessions, type ListedSession} from '../src/machines/list-held-sessions.ts'
import {applyRetention} from '../src/retention/apply-retention.ts'
import {archiveSession} from '../src/retention/archive-session.ts'
import {planRetention} from '../src/retention/plan-retention.ts'
import type {Fleet} from '../src/stream/fleet.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {startServer} from './fixtures/start-servers.ts'
import {allEvents, appendOutput, openLog, openTestFleet, ship, win} from './fixtures/test-fleet.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-archive-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return join(folder, 'archive')
}

/** A session whose log is in the cluster, and that was closed. */
async function openClosed(fleet: Fleet, ...texts: string[]) {
  const log = openLog()
  appendOutput(log, ...texts)
  const claim = await win(fleet, log.sessionId)
  const shipper = ship(fleet, claim, log)
  await shipper.replicated(log.latestSeq)
  await shipper.close()
  await closeClaim(fleet, claim)
  return log
}

const session = (sessionId: string, at: number, state: ListedSession['state'] = 'closed'): ListedSession => {
  return {sessionId, machine: 'box', epoch: 2, needs: [], state, at, isUnfinished: false}
}

test('what was closed first goes first: by its age, or while the stream is too large', () => {
  const [a, b] = [session('a', 1000), session('b', 2000)]
  const sessions = [b, a, session('open', 0, 'open'), session('deleted', 0, 'deleted')]
  const facts = {now: 5000, bytes: 100}
  expect(planRetention(sessions, facts, {keepMs: 3999, maxBytes: 100})).toEqual({session: a, why: 'age'})
  expect(planRetention([b], facts, {keepMs: 3999, maxBytes: 100})).toBeUndefined()
  expect(planRetention(sessions, facts, {maxBytes: 99})).toEqual({session: a, why: 'size'})
  expect(planRetention(sessions, facts, {keepMs: 4000, maxBytes: 100})).toBeUndefined()
  expect(planRetention(sessions, facts, {})).toBeUndefined()
  expect(planRetention([session('open', 0, 'open')], facts, {keepMs: 0, maxBytes: 0})).toBeUndefined()
})

test('archives a closed session with all its events, for this user only, and deletes it in the cluster', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = await openClosed(fleet, 'a', 'é'.repeat(300_000), 'b')
  const folder = newFolder()

  const file = (await archiveSession(fleet, log.sessionId, {folder}))!

  expect(file).toBe(join(folder, `${log.sessionId}.ndjson.gz`))
  const lines = gunzipSync(readFileSync(file)).toString().split('\n')
  expect(lines).toEqual([...allEvents(log).map(({json}) => json), ''])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toHaveLength(1)
  expect(await readHolder(fleet, log.sessionId)).toMatchObject({state: 'deleted'})
  expect((await natsOf(fleet).manager.streams.info('holdfast-main-0-of-1')).state.bytes).toBeLessThan(2000)
  expect(await archiveSession(fleet, log.sessionId, {folder})).toBeUndefined()
  expect(readdirSync(folder)).toHaveLength(1)
})

test('neither archives nor deletes a session that is open, or is opened or deleted meanwhile', async () => {
  const fleet = await openTestFleet([await startServer()])
  const folder = newFolder()
  const open = openLog()
  await win(fleet, open.sessionId)
  expect(await archiveSession(fleet, open.sessionId, {folder})).toBeUndefined()

  const reopened = await openClosed(fleet, 'a')
  const removed = await openClosed(fleet, 'b')
  const {streams} = natsOf(fleet).manager
  const {consumers} = natsOf(fleet).jetstream
  const {get} = consumers
  const during = async (sessionId: string, work: () => Promise<unknown>) => {
    // The next reader is the one of the archive.
    consumers.get = async (...args) => {
      consumers.get = get
      await work()
      return get.apply(consumers, args)
    }
    return archiveSession(fleet, sessionId, {folder})
  }
  const {sessionId} = reopened
  expect(await during(sessionId, () => win(fleet, sessionId, {machine: 'other', replaces: 2}))).toBeUndefined()
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'other', state: 'open'})
  expect(
    (await streams.getMessage('holdfast-main-0-of-1', {last_by_subj: `holdfast.main.0.${sessionId}.log`}))!.seq,
  ).toBeGreaterThan(1)
  const deleting = during(removed.sessionId, () => deleteSession(fleet, removed.sessionId))
  await expect(deleting).rejects.toMatchObject({code: 'deleted'})
  expect(readdirSync(folder)).toEqual([])
})

test('an archive that cannot be written deletes nothing', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = await openClosed(fleet, 'a')
  const folder = newFolder()
  writeFileSync(folder, 'a file')
  await expect(archiveSession(fleet, log.sessionId, {folder})).rejects.toMatchObject({code: 'EEXIST'})
  expect(await readHolder(fleet, log.sessionId)).toMatchObject({state: 'closed'})
})

test('two processes that archive at once to one folder leave one whole file', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = await openClosed(fleet, 'a', 'b')
  const folder = newFolder()
  const results = await Promise.allSettled([1, 2].map(() => archiveSession(fleet, log.sessionId, {folder})))
  // The one that comes late may find nothing to read any more.
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({code: 'deleted'})
  }
  expect(results.some(({status}) => status === 'fulfilled')).toBe(true)
  expect(readdirSync(folder)).toEqual([`${log.sessionId}.ndjson.gz`])
  const text = gunzipSync(readFileSync(join(folder, `${log.sessionId}.ndjson.gz`))).toString()
  expect(text).toBe(
    allEvents(log)
      .map(({json}) => `${json}\n`)
      .join(''),
  )
})

test('retention archives what was closed first, until the stream is small enough, and finishes deletions', async () => {
  const fleet = await openTestFleet([await startServer()])
  const logs = []
  for (let n = 0; n < 3; n++) logs.push(await openClosed(fleet, 'x'.repeat(50_000)))
  const half = await openClosed(fleet, 'y'.repeat(50_000))
  const {streams} = natsOf(fleet).manager
  const {purge} = streams
  streams.purge = () => Promise.reject(new Error('the process died here'))
  await expect(deleteSession(fleet, half.sessionId)).rejects.toMatchObject({code: 'failed'})
  streams.purge = purge
  const listed = await listHeldSessions(fleet, 0)
  expect(listed.filter(({isUnfinished}) => isUnfinished)).toMatchObject([{sessionId: half.sessionId}])

  const folder = newFolder()
  const archived: unknown[] = []
  const options = {folder, maxBytes: 120_000, onArchived: (one: unknown) => archived.push(one)}
  expect(await applyRetention(fleet, 0, options)).toBe(1)
  const [first, second, third] = logs as [(typeof logs)[0], (typeof logs)[0], (typeof logs)[0]]
  const fileOf = ({sessionId}: {sessionId: string}) => join(folder, `${sessionId}.ndjson.gz`)
  expect(archived).toEqual([{sessionId: first.sessionId, file: fileOf(first), why: 'size'}])
  const deletedMark = sessionSubjects('main', 1, half.sessionId).deleted
  expect(await streams.getMessage('holdfast-main-0-of-1', {last_by_subj: deletedMark})).not.toBeNull()
  expect((await listHeldSessions(fleet, 0)).filter(({isUnfinished}) => isUnfinished)).toEqual([])

  expect(await applyRetention(fleet, 0, {folder, keepMs: 60_000})).toBe(0)
  expect(await applyRetention(fleet, 0, {folder, keepMs: 60_000, now: Date.now() + 61_000})).toBe(2)
  expect(readdirSync(folder).toSorted()).toEqual(logs.map(({sessionId}) => `${sessionId}.ndjson.gz`).toSorted())
  for (const {sessionId} of [second, third]) {
    expect(await readHolder(fleet, sessionId)).toMatchObject({state: 'deleted'})
  }
})
